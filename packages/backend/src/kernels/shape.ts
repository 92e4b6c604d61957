import { type DataType, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { kernel, sizeOf } from './kernel';
import { type Loop, loopArgs, MAX_RANK, mergeAxes, stridesOf } from './strides';

/** How `fill` in elementwise.cpp names the types it writes. */
const FILL_KINDS: Partial<Record<DataType, number>> = { bool: 1, float32: 4, int32: 5 };

function filled(backend: XcpBackend, shape: readonly number[], dtype: DataType, value: number): TensorInfo {
  const out = backend.output(shape, dtype);
  const size = sizeOf(out);
  if (size > 0) backend.library.call('fill', backend.address(out), size, value, FILL_KINDS[dtype]!);
  return out;
}

const bytesOf = (dtype: DataType) => (dtype === 'bool' ? 1 : 4);

/** Copies between two tensors of one dtype; offsets in elements. */
function copy(
  backend: XcpBackend,
  from: TensorInfo,
  fromAt: number,
  to: TensorInfo,
  toAt: number,
  loop: Loop,
): void {
  const bytes = bytesOf(to.dtype);
  backend.library.call(
    'stridedCopy',
    backend.address(from) + fromAt * bytes,
    backend.address(to) + toAt * bytes,
    bytes,
    ...loopArgs(mergeAxes(loop)),
  );
}

const isPlain = (tensor: TensorInfo): boolean =>
  tensor.dtype in FILL_KINDS && sizeOf(tensor) > 0 && tensor.shape.length <= MAX_RANK;

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((total, x, i) => total + x * b[i]!, 0);

export const shapeKernels = [
  kernel<{ x: TensorInfo }>('Identity', ({ inputs: { x }, backend }) => backend.share(x, x.shape)),
  kernel<{ x: TensorInfo }, { shape: number[] }>('Reshape', ({ inputs: { x }, attrs, backend }) => {
    const shape = util.inferFromImplicitShape(attrs.shape, sizeOf(x));
    util.assert(
      util.sizeFromShape(shape) === sizeOf(x),
      () => `xcp backend: reshape: cannot give [${x.shape}] the shape [${attrs.shape}]`,
    );
    return backend.share(x, shape);
  }),
  kernel<{ x: TensorInfo }, { dtype: DataType }>(
    'Cast',
    ({ inputs: { x }, attrs, backend }) => {
      if (x.dtype === attrs.dtype) return backend.share(x, x.shape);
      // Integers and truth values are small and rare here: labels and masks.
      const values = backend.readSync(x.dataId) as Float32Array;
      const convert = attrs.dtype === 'bool' ? (v: number) => Number(v !== 0) : Math.trunc;
      const converted = attrs.dtype === 'float32' ? Float32Array.from(values) : Array.from(values, convert);
      return backend.fromValues(x.shape, attrs.dtype, converted as Float32Array);
    },
    ({ inputs: { x }, attrs }) => x.dtype in FILL_KINDS && attrs.dtype in FILL_KINDS,
  ),
  kernel<object, { shape: number[]; value: number; dtype?: DataType }>(
    'Fill',
    ({ attrs, backend }) => filled(backend, attrs.shape, attrs.dtype ?? 'float32', attrs.value),
    ({ attrs }) => typeof attrs.value === 'number' && (attrs.dtype ?? 'float32') in FILL_KINDS,
  ),
  kernel<{ x: TensorInfo }>(
    'ZerosLike',
    ({ inputs: { x }, backend }) => filled(backend, x.shape, x.dtype, 0),
    ({ inputs: { x } }) => x.dtype in FILL_KINDS,
  ),
  kernel<{ x: TensorInfo }>(
    'OnesLike',
    ({ inputs: { x }, backend }) => filled(backend, x.shape, x.dtype, 1),
    ({ inputs: { x } }) => x.dtype in FILL_KINDS,
  ),
  kernel<{ x: TensorInfo }, { perm: number[] }>(
    'Transpose',
    ({ inputs: { x }, attrs: { perm }, backend }) => {
      const shape = perm.map((axis) => x.shape[axis]!);
      const out = backend.output(shape, x.dtype);
      const strides = stridesOf(x.shape);
      copy(backend, x, 0, out, 0, {
        sizes: shape,
        strides: [perm.map((axis) => strides[axis]!), stridesOf(shape)],
      });
      return out;
    },
    ({ inputs: { x } }) => isPlain(x),
  ),
  kernel<{ x: TensorInfo }, { begin: number[]; size: number[] }>(
    'Slice',
    ({ inputs: { x }, attrs, backend }) => {
      const begin = x.shape.map((_, axis) => attrs.begin[axis] ?? 0);
      const shape = x.shape.map((size, axis) => {
        const wanted = attrs.size[axis] ?? -1;
        return wanted < 0 ? size - begin[axis]! : wanted;
      });
      const inside = shape.every((size, axis) => begin[axis]! >= 0 && begin[axis]! + size <= x.shape[axis]!);
      util.assert(inside, () => `xcp backend: slice: [${begin}] + [${shape}] leaves the shape [${x.shape}]`);
      const out = backend.output(shape, x.dtype);
      const strides = stridesOf(x.shape);
      if (sizeOf(out) > 0) {
        copy(backend, x, dot(begin, strides), out, 0, { sizes: shape, strides: [strides, stridesOf(shape)] });
      }
      return out;
    },
    ({ inputs: { x }, attrs }) => isPlain(x) && Array.isArray(attrs.begin) && Array.isArray(attrs.size),
  ),
  kernel<{ x: TensorInfo }, { paddings: [number, number][]; constantValue: number }>(
    'PadV2',
    ({ inputs: { x }, attrs: { paddings, constantValue }, backend }) => {
      const shape = x.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1]);
      const out = filled(backend, shape, x.dtype, constantValue);
      const strides = stridesOf(shape);
      const at = dot(
        paddings.map(([before]) => before),
        strides,
      );
      copy(backend, x, 0, out, at, { sizes: x.shape, strides: [stridesOf(x.shape), strides] });
      return out;
    },
    ({ inputs: { x }, attrs }) => isPlain(x) && attrs.paddings.every(([a, b]) => a >= 0 && b >= 0),
  ),
  kernel<TensorInfo[], { axis: number }>(
    'Concat',
    ({ inputs, attrs, backend }) => {
      const first = inputs[0]!;
      const axis = util.parseAxisParam(attrs.axis, first.shape)[0]!;
      const shape = [...first.shape];
      shape[axis] = inputs.reduce((total, t) => total + t.shape[axis]!, 0);
      const out = backend.output(shape, first.dtype);
      const strides = stridesOf(shape);
      let at = 0;
      for (const t of inputs) {
        copy(backend, t, 0, out, at, { sizes: t.shape, strides: [stridesOf(t.shape), strides] });
        at += t.shape[axis]! * strides[axis]!;
      }
      return out;
    },
    ({ inputs, attrs }) => {
      const first = inputs[0];
      if (!first) return false;
      const axis = util.parseAxisParam(attrs.axis, first.shape)[0]!;
      return inputs.every(
        (t) =>
          isPlain(t) &&
          t.dtype === first.dtype &&
          t.shape.every((size, i) => i === axis || size === first.shape[i]),
      );
    },
  ),
];
