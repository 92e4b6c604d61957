import { type DataType, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { sizeOf } from './kernel';
import { type Loop, loopArgs, MAX_RANK, mergeAxes, stridesOf } from './strides';

/** How the kernels in copy.cpp name the types they write. */
export const KINDS: Partial<Record<DataType, number>> = { bool: 1, float32: 4, int32: 5 };

export const bytesOf = (dtype: DataType): number => (dtype === 'bool' ? 1 : 4);

/** Whether a tensor can be copied by our kernels: numbers or truth values, at least one. */
export const isPlain = (tensor: TensorInfo): boolean =>
  tensor.dtype in KINDS && sizeOf(tensor) > 0 && tensor.shape.length <= MAX_RANK;

export const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((total, x, i) => total + x * b[i]!, 0);

/** Throws unless a loop with these strides, from an offset on, stays within a tensor. */
function checkInside(tensor: TensorInfo, at: number, sizes: number[], strides: number[]): void {
  let [first, last] = [at, at];
  sizes.forEach((size, axis) => {
    const reach = (size - 1) * strides[axis]!;
    if (reach < 0) first += reach;
    else last += reach;
  });
  const whole = [at, ...sizes, ...strides].every(Number.isInteger);
  if (!whole || sizes.length !== strides.length || first < 0 || last >= sizeOf(tensor)) {
    throw new Error(
      `xcp backend: a copy of [${sizes}] elements by steps of [${strides}] from ${at} leaves the shape [${tensor.shape}]`,
    );
  }
}

/** Copies between two tensors of one dtype; offsets in elements. Throws where it would leave one of them. */
export function copy(
  backend: XcpBackend,
  from: TensorInfo,
  fromAt: number,
  to: TensorInfo,
  toAt: number,
  loop: Loop,
): void {
  if (loop.sizes.includes(0)) return;
  checkInside(from, fromAt, loop.sizes, loop.strides[0]!);
  checkInside(to, toAt, loop.sizes, loop.strides[1]!);
  const bytes = bytesOf(to.dtype);
  backend.library.call(
    'stridedCopy',
    backend.address(from) + fromAt * bytes,
    backend.address(to) + toAt * bytes,
    bytes,
    ...loopArgs(mergeAxes(loop)),
  );
}

/** A new tensor that holds one value everywhere. */
export function filled(
  backend: XcpBackend,
  shape: readonly number[],
  dtype: DataType,
  value: number,
): TensorInfo {
  const out = backend.output(shape, dtype);
  const size = sizeOf(out);
  if (size > 0) backend.library.call('fill', backend.address(out), size, value, KINDS[dtype]!);
  return out;
}

/** A copy with its axes in another order. */
export function transposed(backend: XcpBackend, x: TensorInfo, perm: readonly number[]): TensorInfo {
  const shape = perm.map((axis) => x.shape[axis]!);
  const out = backend.output(shape, x.dtype);
  const strides = stridesOf(x.shape);
  copy(backend, x, 0, out, 0, {
    sizes: shape,
    strides: [perm.map((axis) => strides[axis]!), stridesOf(shape)],
  });
  return out;
}

/** A copy of a box of a tensor. Throws where the box leaves the shape. */
export function sliced(
  backend: XcpBackend,
  x: TensorInfo,
  begin: readonly number[],
  size: readonly number[],
): TensorInfo {
  const inside =
    begin.length === x.shape.length &&
    size.length === x.shape.length &&
    x.shape.every(
      (extent, axis) => begin[axis]! >= 0 && size[axis]! >= 0 && begin[axis]! + size[axis]! <= extent,
    );
  util.assert(inside, () => `xcp backend: slice: [${begin}] + [${size}] leaves the shape [${x.shape}]`);
  const out = backend.output(size, x.dtype);
  const strides = stridesOf(x.shape);
  copy(backend, x, dot(begin, strides), out, 0, { sizes: [...size], strides: [strides, stridesOf(size)] });
  return out;
}

/** Strides of an operand under a shape it is broadcast to: 0 along axes that it lacks or has as 1. */
export function broadcastStrides(shape: readonly number[], out: readonly number[]): number[] {
  const own = stridesOf(shape);
  const missing = out.length - shape.length;
  return out.map((_, axis) => (axis < missing || shape[axis - missing] === 1 ? 0 : own[axis - missing]!));
}
