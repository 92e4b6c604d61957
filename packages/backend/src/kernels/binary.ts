import { backend_util, type DataType, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { broadcastStrides } from './copy';
import { areFloats, kernel, sizeOf } from './kernel';
import { loopArgs, MAX_RANK, mergeAxes } from './strides';

/** Native kernels by the dtype of both inputs; others go to the fallback. */
interface Natives {
  float32?: string;
  int32?: string;
  bool?: string;
  /** Dtype of the output; the inputs' by default. */
  output?: DataType;
}

const floatAndInt = (name: string): Natives => ({ float32: name, int32: `${name}_int32` });
const comparison = (name: string): Natives => ({
  ...floatAndInt(name),
  bool: `${name}_bool`,
  output: 'bool',
});

/** TensorFlow.js's kernels of two inputs `a` and `b`, and ours (kernels/binary.cpp). */
const BINARY: Record<string, Natives> = {
  Add: floatAndInt('add'),
  Sub: floatAndInt('subtract'),
  Multiply: floatAndInt('multiply'),
  RealDiv: { float32: 'divide' },
  FloorDiv: { ...floatAndInt('floor_divide'), output: 'int32' },
  Mod: floatAndInt('modulo'),
  Pow: floatAndInt('power'),
  Maximum: floatAndInt('maximum'),
  Minimum: floatAndInt('minimum'),
  SquaredDifference: floatAndInt('squared_difference'),
  Atan2: { float32: 'atan2' },
  BitwiseAnd: { int32: 'bitwise_and' },
  Equal: comparison('equal'),
  NotEqual: comparison('not_equal'),
  Less: comparison('less'),
  LessEqual: comparison('less_equal'),
  Greater: comparison('greater'),
  GreaterEqual: comparison('greater_equal'),
  LogicalAnd: { bool: 'logical_and' },
  LogicalOr: { bool: 'logical_or' },
};

/** Runs a native kernel of two inputs, broadcast to a common shape. */
export function runBinary(
  backend: XcpBackend,
  native: string,
  a: TensorInfo,
  b: TensorInfo,
  output: DataType = a.dtype,
): TensorInfo {
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const loop = mergeAxes({
    sizes: shape,
    strides: [broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape)],
  });
  const out = backend.output(shape, output);
  backend.library.call(
    native,
    backend.address(a),
    backend.address(b),
    backend.address(out),
    ...loopArgs(loop),
  );
  return out;
}

const nativeOf = (natives: Natives, a: TensorInfo, b: TensorInfo): string | undefined =>
  a.dtype === b.dtype &&
  sizeOf(a) > 0 &&
  sizeOf(b) > 0 &&
  Math.max(a.shape.length, b.shape.length) <= MAX_RANK
    ? natives[a.dtype as 'float32']
    : undefined;

const simple = Object.entries(BINARY).map(([name, natives]) =>
  kernel<{ a: TensorInfo; b: TensorInfo }>(
    name,
    ({ inputs: { a, b }, backend }) => runBinary(backend, nativeOf(natives, a, b)!, a, b, natives.output),
    ({ inputs: { a, b } }) => nativeOf(natives, a, b) !== undefined,
  ),
);

export const binaryKernels = [
  ...simple,
  kernel<{ x: TensorInfo; alpha: TensorInfo }>(
    'Prelu',
    ({ inputs: { x, alpha }, backend }) => runBinary(backend, 'prelu', x, alpha),
    ({ inputs: { x, alpha } }) =>
      areFloats(x, alpha) && Math.max(x.shape.length, alpha.shape.length) <= MAX_RANK,
  ),
  kernel<{ dy: TensorInfo; y: TensorInfo }>(
    'EluGrad',
    ({ inputs: { dy, y }, backend }) => runBinary(backend, 'elu_gradient', dy, y),
    ({ inputs: { dy, y } }) => areFloats(dy, y) && util.arraysEqual(dy.shape, y.shape),
  ),
  kernel<{ dy: TensorInfo; y: TensorInfo }>('XcpReluGrad', ({ inputs: { dy, y }, backend }) => {
    if (!areFloats(dy, y) || sizeOf(dy) !== sizeOf(y)) {
      throw new Error(
        `XcpReluGrad: \`dy\` and \`y\` must be float32 of one shape, received [${dy.shape}] and [${y.shape}]`,
      );
    }
    return runBinary(backend, 'relu_gradient', { ...dy, shape: y.shape }, y);
  }),
  kernel<TensorInfo[]>(
    'AddN',
    ({ inputs, backend }) => {
      const out = backend.output(inputs[0]!.shape, 'float32');
      const addresses = [...inputs, out].map((t) => backend.address(t));
      backend.library.callWith('add_n', [inputs.length, ...addresses, sizeOf(out)]);
      return out;
    },
    ({ inputs }) =>
      inputs.length > 0 && areFloats(...inputs) && inputs.every((t) => sizeOf(t) === sizeOf(inputs[0]!)),
  ),
];
