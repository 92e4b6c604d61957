import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { activationCode } from './conv';
import { areFloats, kernel } from './kernel';

interface MatMulInputs {
  a: TensorInfo;
  b: TensorInfo;
  bias?: TensorInfo;
}

interface MatMulAttrs {
  transposeA: boolean;
  transposeB: boolean;
  activation?: string;
}

/** Batch axes must be equal, or those of one operand all 1: then it is used for every matrix of the other. */
function batchOf(a: TensorInfo, b: TensorInfo): { shape: number[]; size: number } | undefined {
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const [sizeA, sizeB] = [util.sizeFromShape(batchA), util.sizeFromShape(batchB)];
  if (util.arraysEqual(batchA, batchB) || sizeB === 1) return { shape: batchA, size: sizeA };
  if (sizeA === 1) return { shape: batchB, size: sizeB };
  return undefined;
}

function multiply(backend: XcpBackend, { a, b, bias }: MatMulInputs, attrs: MatMulAttrs): TensorInfo {
  const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
  const [m, k] = attrs.transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const n = attrs.transposeB ? rowsB : columnsB;
  const batch = batchOf(a, b)!;
  const c = backend.output([...batch.shape, m, n], 'float32');
  const stride = (t: TensorInfo, size: number) =>
    util.sizeFromShape(t.shape.slice(0, -2)) === batch.size ? size : 0;
  backend.library.call(
    'matmul',
    backend.address(a),
    backend.address(b),
    bias ? backend.address(bias) : 0,
    backend.address(c),
    activationCode(attrs.activation)!,
    batch.size,
    m,
    n,
    k,
    Number(attrs.transposeA),
    Number(attrs.transposeB),
    stride(a, m * k),
    stride(b, k * n),
  );
  return c;
}

const supports = ({ a, b, bias }: MatMulInputs, attrs: MatMulAttrs): boolean => {
  if (!areFloats(a, b, bias) || activationCode(attrs.activation) === undefined) return false;
  const inner = a.shape.at(attrs.transposeA ? -2 : -1) === b.shape.at(attrs.transposeB ? -1 : -2);
  const columns = b.shape.at(attrs.transposeB ? -2 : -1);
  return inner && batchOf(a, b) !== undefined && (!bias || util.sizeFromShape(bias.shape) === columns);
};

export const matmulKernels = ['BatchMatMul', '_FusedMatMul'].map((name) =>
  kernel<MatMulInputs, MatMulAttrs>(
    name,
    ({ inputs, attrs, backend }) => multiply(backend, inputs, attrs),
    ({ inputs, attrs }) => supports(inputs, attrs),
  ),
);
