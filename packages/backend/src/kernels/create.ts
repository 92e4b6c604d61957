import { type DataType, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { filled, KINDS } from './copy';
import { areOf, kernel, sizeOf } from './kernel';

/** How many numbers from `start` by `step` lie before `stop`. */
const countOf = (start: number, stop: number, step: number): number =>
  start === stop ? 0 : Math.max(0, Math.ceil((stop - start) / step));

const isKind = (dtype: DataType): boolean => dtype in KINDS;

export const createKernels = [
  kernel<object, { shape: number[]; value: number; dtype?: DataType }>(
    'Fill',
    ({ attrs, backend }) => filled(backend, attrs.shape, attrs.dtype ?? 'float32', attrs.value),
    ({ attrs }) => typeof attrs.value === 'number' && isKind(attrs.dtype ?? 'float32'),
  ),
  kernel<{ x: TensorInfo }>(
    'ZerosLike',
    ({ inputs: { x }, backend }) => filled(backend, x.shape, x.dtype, 0),
    ({ inputs: { x } }) => isKind(x.dtype),
  ),
  kernel<{ x: TensorInfo }>(
    'OnesLike',
    ({ inputs: { x }, backend }) => filled(backend, x.shape, x.dtype, 1),
    ({ inputs: { x } }) => isKind(x.dtype),
  ),
  kernel<object, { start: number; stop: number; step: number; dtype: 'float32' | 'int32' }>(
    'Range',
    ({ attrs: { start, stop, step: given, dtype }, backend }) => {
      // A step of 1 is what one gets who says nothing; TensorFlow.js counts down then, where it has to.
      const step = given === 1 && stop < start ? -1 : given;
      const size = countOf(start, stop, step);
      const values = util.makeZerosTypedArray(size, dtype);
      // Each from the one before, as TensorFlow.js does: a float32 array rounds on the way.
      if (size > 0) values[0] = start;
      for (let i = 1; i < size; i++) values[i] = values[i - 1]! + step;
      return backend.fromValues([size], dtype, values);
    },
    ({ attrs: { start, stop, step } }) => [start, stop, step].every(Number.isFinite) && step !== 0,
  ),
  kernel<object, { start: number; stop: number; num: number }>(
    'LinSpace',
    ({ attrs: { start, stop, num }, backend }) => {
      const step = (stop - start) / (num - 1);
      const values = Float32Array.from({ length: num }, (_, i) => start + (i === 0 ? 0 : i * step));
      return backend.fromValues([num], 'float32', values);
    },
    ({ attrs: { num } }) => Number.isInteger(num) && num > 0,
  ),
  kernel<{ indices: TensorInfo }, { depth: number; onValue: number; offValue: number; dtype?: DataType }>(
    'OneHot',
    ({ inputs: { indices }, attrs: { depth, onValue, offValue, dtype = 'float32' }, backend }) => {
      const out = filled(backend, [...indices.shape, depth], dtype, offValue);
      backend.library.call(
        'oneHot',
        backend.address(indices),
        backend.address(out),
        sizeOf(indices),
        depth,
        onValue,
        KINDS[dtype]!,
      );
      return out;
    },
    ({ inputs: { indices }, attrs: { depth, dtype } }) =>
      areOf('int32', indices) && Number.isInteger(depth) && depth > 0 && isKind(dtype ?? 'float32'),
  ),
];
