import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { broadcastStrides, copy } from './copy';
import { ACTIVATIONS, type Epilogue, finish, fused, supportsEpilogue } from './epilogue';
import { areFloats, kernel, using } from './kernel';
import { MAX_RANK, stridesOf } from './strides';

interface MatMulInputs {
  a: TensorInfo;
  b: TensorInfo;
  bias?: TensorInfo;
  preluActivationWeights?: TensorInfo;
}

interface MatMulAttrs extends Epilogue {
  transposeA: boolean;
  transposeB: boolean;
}

const batchOf = (t: TensorInfo): number[] => t.shape.slice(0, -2);

/** Runs `use` on a matrix for each of the batch: one of a tensor, always the same one, or one of a broadcast copy. */
function withBatch<T>(
  backend: XcpBackend,
  t: TensorInfo,
  batch: readonly number[],
  use: (address: number, stride: number) => T,
): T {
  const matrix = t.shape.slice(-2);
  const size = util.sizeFromShape(matrix);
  const own = util.sizeFromShape(batchOf(t));
  if (own === 1) return use(backend.address(t), 0);
  if (own === util.sizeFromShape([...batch])) return use(backend.address(t), size);
  const shape = [...batch, ...matrix];
  return using(backend, backend.output(shape, t.dtype), (copied) => {
    copy(backend, t, 0, copied, 0, {
      sizes: shape,
      strides: [broadcastStrides(t.shape, shape), stridesOf(shape)],
    });
    return use(backend.address(copied), size);
  });
}

function multiply(
  backend: XcpBackend,
  { a, b }: MatMulInputs,
  attrs: MatMulAttrs,
  epilogue: Epilogue,
): TensorInfo {
  const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
  const [m, k] = attrs.transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const n = attrs.transposeB ? rowsB : columnsB;
  const batch = backend_util.assertAndGetBroadcastShape(batchOf(a), batchOf(b));
  const done = fused(epilogue, n);
  return withBatch(backend, a, batch, (addressA, strideA) =>
    withBatch(backend, b, batch, (addressB, strideB) => {
      const c = backend.output([...batch, m, n], 'float32');
      backend.library.call(
        'matmul',
        addressA,
        addressB,
        done.bias ? backend.address(done.bias) : 0,
        backend.address(c),
        ACTIVATIONS[done.activation],
        util.sizeFromShape(batch),
        m,
        n,
        k,
        Number(attrs.transposeA ?? false),
        Number(attrs.transposeB ?? false),
        strideA,
        strideB,
      );
      return finish(backend, c, epilogue, done);
    }),
  );
}

const supports = ({ a, b }: MatMulInputs, attrs: MatMulAttrs): boolean => {
  const ranks = [a.shape.length, b.shape.length];
  if (!areFloats(a, b) || Math.min(...ranks) < 2 || Math.max(...ranks) > MAX_RANK) return false;
  return a.shape.at(attrs.transposeA ? -2 : -1) === b.shape.at(attrs.transposeB ? -1 : -2);
};

export const matmulKernels = [
  kernel<MatMulInputs, MatMulAttrs>(
    'BatchMatMul',
    ({ inputs, attrs, backend }) => multiply(backend, inputs, attrs, {}),
    ({ inputs, attrs }) => supports(inputs, attrs),
  ),
  kernel<MatMulInputs, MatMulAttrs>(
    '_FusedMatMul',
    ({ inputs, attrs, backend }) => multiply(backend, inputs, attrs, { ...inputs, ...attrs }),
    ({ inputs, attrs }) =>
      supports(inputs, attrs) &&
      supportsEpilogue({
        ...attrs,
        bias: inputs.bias,
        preluActivationWeights: inputs.preluActivationWeights,
      }),
  ),
];
