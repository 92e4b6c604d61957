import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { KINDS } from './copy';
import { kernel, sizeOf } from './kernel';
import { runUnary } from './unary';

/** A tensor under another dtype; the same memory where nothing changes. */
export function cast(backend: XcpBackend, x: TensorInfo, dtype: DataType): TensorInfo {
  if (x.dtype === dtype) return backend.share(x, x.shape);
  if (sizeOf(x) === 0) return backend.output(x.shape, dtype);
  return runUnary(backend, `${x.dtype}_to_${dtype}`, x, dtype);
}

export const castKernels = [
  kernel<{ x: TensorInfo }, { dtype: DataType }>(
    'Cast',
    ({ inputs: { x }, attrs, backend }) => cast(backend, x, attrs.dtype),
    ({ inputs: { x }, attrs }) => x.dtype === attrs.dtype || (x.dtype in KINDS && attrs.dtype in KINDS),
  ),
];
