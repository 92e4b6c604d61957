import { type DataType, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { axesOf, axisOf } from './axes';
import { cast } from './cast';
import { isPlain, transposed } from './copy';
import { kernel, sizeOf, using } from './kernel';

interface ReduceAttrs {
  axis?: number | number[];
  reductionIndices?: number | number[];
  keepDims?: boolean;
}

/** How a reduction runs on one dtype. */
interface Native {
  name: string;
  /** Dtype of the output; the input's by default. */
  output?: DataType;
}

type Natives = Partial<Record<DataType, Native>>;

const reducedAxes = (x: TensorInfo, attrs: ReduceAttrs): number[] =>
  [...new Set(axesOf(attrs.axis ?? attrs.reductionIndices, x.shape))].sort((a, b) => a - b);

/** Runs `use` on x with the given axes side by side, and on what they are then: [outer, length, inner]. */
function withAxesTogether<T>(
  backend: XcpBackend,
  x: TensorInfo,
  axes: number[],
  use: (x: TensorInfo, outer: number, length: number, inner: number) => T,
): T {
  const first = axes[0] ?? 0;
  if (!axes.every((axis, i) => axis === first + i)) {
    const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    const length = util.sizeFromShape(axes.map((axis) => x.shape[axis]!));
    return using(backend, transposed(backend, x, [...kept, ...axes]), (t) =>
      use(t, sizeOf(x) / length, length, 1),
    );
  }
  const size = (from: number, to?: number) => util.sizeFromShape(x.shape.slice(from, to));
  const last = first + axes.length;
  return use(x, size(0, first), size(first, last), size(last));
}

function reduced(
  backend: XcpBackend,
  native: Native,
  x: TensorInfo,
  attrs: ReduceAttrs,
  extra: (length: number) => number[] = () => [],
): TensorInfo {
  const axes = reducedAxes(x, attrs);
  const shape = attrs.keepDims
    ? x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    : x.shape.filter((_, axis) => !axes.includes(axis));
  return withAxesTogether(backend, x, axes, (t, outer, length, inner) => {
    const y = backend.output(shape, native.output ?? x.dtype);
    const addresses = [backend.address(t), backend.address(y)];
    backend.library.call(native.name, ...addresses, outer, length, inner, ...extra(length));
    return y;
  });
}

const reduction = (name: string, natives: Natives) =>
  kernel<{ x: TensorInfo }, ReduceAttrs>(
    name,
    ({ inputs: { x }, attrs, backend }) => reduced(backend, natives[x.dtype]!, x, attrs),
    ({ inputs: { x } }) => x.dtype in natives && isPlain(x),
  );

const arg = (name: string, native: string) =>
  kernel<{ x: TensorInfo }, { axis: number }>(
    name,
    ({ inputs: { x }, attrs: { axis }, backend }) => {
      const output = { name: x.dtype === 'int32' ? `${native}_int32` : native, output: 'int32' as const };
      return reduced(backend, output, x, { axis: axisOf(axis, x.shape) });
    },
    ({ inputs: { x } }) => isPlain(x) && x.dtype !== 'bool',
  );

const scan = (name: string, native: string) =>
  kernel<{ x: TensorInfo }, { axis: number; exclusive?: boolean; reverse?: boolean }>(
    name,
    ({ inputs: { x }, attrs: { axis, exclusive, reverse }, backend }) =>
      withAxesTogether(backend, x, [axisOf(axis, x.shape)], (t, outer, length, inner) => {
        const y = backend.output(x.shape, x.dtype);
        backend.library.call(
          x.dtype === 'int32' ? `${native}_int32` : native,
          backend.address(t),
          backend.address(y),
          outer,
          length,
          inner,
          Number(exclusive ?? false),
          Number(reverse ?? false),
        );
        return y;
      }),
    ({ inputs: { x } }) => isPlain(x) && x.dtype !== 'bool',
  );

const floatAndInt = (name: string): Natives => ({
  float32: { name },
  int32: { name: `${name}_int32` },
});

export const reduceKernels = [
  kernel<{ x: TensorInfo }, ReduceAttrs>(
    'Sum',
    ({ inputs: { x }, attrs, backend }) =>
      x.dtype === 'float32'
        ? reduced(backend, { name: 'reduce_sum' }, x, attrs, () => [1])
        : // Truth values are counted.
          using(backend, cast(backend, x, 'int32'), (t) =>
            reduced(backend, { name: 'reduce_sum_int32' }, t, attrs),
          ),
    ({ inputs: { x } }) => isPlain(x),
  ),
  kernel<{ x: TensorInfo }, ReduceAttrs>(
    'Mean',
    ({ inputs: { x }, attrs, backend }) =>
      using(backend, cast(backend, x, 'float32'), (t) =>
        reduced(backend, { name: 'reduce_sum' }, t, attrs, (length) => [1 / length]),
      ),
    ({ inputs: { x } }) => isPlain(x),
  ),
  reduction('Max', floatAndInt('reduce_max')),
  reduction('Min', floatAndInt('reduce_min')),
  reduction('Prod', floatAndInt('reduce_prod')),
  reduction('All', { bool: { name: 'reduce_all' } }),
  reduction('Any', { bool: { name: 'reduce_any' } }),
  arg('ArgMax', 'arg_max'),
  arg('ArgMin', 'arg_min'),
  scan('Cumsum', 'cumsum'),
  scan('Cumprod', 'cumprod'),
];
