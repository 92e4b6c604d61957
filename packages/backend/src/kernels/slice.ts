import { backend_util, slice_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { axesOf, axisOf } from './axes';
import { copy, dot, isPlain, sliced } from './copy';
import { kernel, using } from './kernel';
import { stridesOf } from './strides';

interface StridedSliceAttrs {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

/** Every `strides[axis]`-th element from `begin` on; strides may be negative. */
function stepped(
  backend: XcpBackend,
  x: TensorInfo,
  begin: readonly number[],
  strides: readonly number[],
  size: readonly number[],
  shape: readonly number[],
): TensorInfo {
  const inside = size.every((n, axis) => {
    const last = begin[axis]! + (n - 1) * strides[axis]!;
    return n === 0 || (Math.min(begin[axis]!, last) >= 0 && Math.max(begin[axis]!, last) < x.shape[axis]!);
  });
  util.assert(
    inside,
    () =>
      `xcp backend: stridedSlice: [${size}] steps of [${strides}] from [${begin}] leave the shape [${x.shape}]`,
  );
  const out = backend.output(shape, x.dtype);
  const own = stridesOf(x.shape);
  copy(backend, x, dot(begin, own), out, 0, {
    sizes: [...size],
    strides: [own.map((stride, axis) => stride * strides[axis]!), stridesOf(size)],
  });
  return out;
}

const reverse = (backend: XcpBackend, x: TensorInfo, axes: readonly number[]): TensorInfo => {
  const begin = x.shape.map((size, axis) => (axes.includes(axis) ? size - 1 : 0));
  const strides = x.shape.map((_, axis) => (axes.includes(axis) ? -1 : 1));
  return stepped(backend, x, begin, strides, x.shape, x.shape);
};

/** Slices of the given sizes along an axis, one after the other. */
function split(backend: XcpBackend, x: TensorInfo, axis: number, sizes: readonly number[]): TensorInfo[] {
  let at = 0;
  return sizes.map((size) => {
    const begin = x.shape.map((_, i) => (i === axis ? at : 0));
    at += size;
    return sliced(
      backend,
      x,
      begin,
      x.shape.map((full, i) => (i === axis ? size : full)),
    );
  });
}

export const sliceKernels = [
  kernel<{ x: TensorInfo }, { begin: number | number[]; size: number | number[] }>(
    'Slice',
    ({ inputs: { x }, attrs, backend }) => {
      const [begin, size] = slice_util.parseSliceParams(x, attrs.begin, attrs.size) as [number[], number[]];
      return sliced(backend, x, begin, size);
    },
    ({ inputs: { x } }) => isPlain(x),
  ),
  kernel<{ x: TensorInfo }, StridedSliceAttrs>(
    'StridedSlice',
    ({ inputs: { x }, attrs: a, backend }) => {
      const info = slice_util.sliceInfo(
        x.shape,
        a.begin,
        a.end,
        a.strides,
        a.beginMask,
        a.endMask,
        a.ellipsisMask,
        a.newAxisMask,
        a.shrinkAxisMask,
      );
      if (info.isIdentity) return backend.share(x, info.finalShape);
      const size = slice_util.computeOutShape(info.begin, info.end, info.strides);
      return stepped(backend, x, info.begin, info.strides, size, info.finalShape);
    },
    ({ inputs: { x } }) => isPlain(x),
  ),
  kernel<{ x: TensorInfo }, { dims: number | number[] }>(
    'Reverse',
    ({ inputs: { x }, attrs: { dims }, backend }) => reverse(backend, x, axesOf(dims, x.shape)),
    ({ inputs: { x } }) => isPlain(x),
  ),
  kernel<{ image: TensorInfo }>(
    'FlipLeftRight',
    ({ inputs: { image }, backend }) => reverse(backend, image, [2]),
    ({ inputs: { image } }) => isPlain(image) && image.shape.length === 4,
  ),
  kernel<{ x: TensorInfo }, { numOrSizeSplits: number | number[]; axis: number }>(
    'SplitV',
    ({ inputs: { x }, attrs, backend }) => {
      const axis = axisOf(attrs.axis, x.shape);
      const sizes = backend_util.prepareSplitSize(x as never, attrs.numOrSizeSplits, axis);
      return split(backend, x, axis, sizes);
    },
    ({ inputs: { x } }) => isPlain(x),
  ),
  kernel<{ value: TensorInfo }, { axis: number }>(
    'Unpack',
    ({ inputs: { value }, attrs, backend }) => {
      const axis = axisOf(attrs.axis, value.shape);
      const shape = value.shape.filter((_, i) => i !== axis);
      const parts = split(backend, value, axis, new Array<number>(value.shape[axis]!).fill(1));
      return parts.map((part) => using(backend, part, (t) => backend.share(t, shape)));
    },
    ({ inputs: { value } }) => isPlain(value),
  ),
];
