import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { areFloats, kernel, sizeOf } from './kernel';

interface ReduceAttrs {
  axis?: number | number[];
  reductionIndices?: number | number[];
  keepDims: boolean;
}

/** A reduction over neighbouring axes, seen as the middle axis of [outer, length, inner]. */
function split(x: TensorInfo, attrs: ReduceAttrs) {
  const requested = attrs.axis ?? attrs.reductionIndices;
  const axes = util.parseAxisParam((requested ?? null) as number, x.shape).sort((a, b) => a - b);
  const first = axes[0] ?? 0;
  const neighbours = axes.length > 0 && axes.every((axis, i) => axis === first + i);
  const last = first + axes.length;
  const outShape = attrs.keepDims
    ? x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    : x.shape.filter((_, axis) => !axes.includes(axis));
  return {
    neighbours,
    outShape,
    outer: util.sizeFromShape(x.shape.slice(0, first)),
    length: util.sizeFromShape(x.shape.slice(first, last)),
    inner: util.sizeFromShape(x.shape.slice(last)),
  };
}

const reduce = (name: string, native: string, factor?: (length: number) => number) =>
  kernel<{ x: TensorInfo }, ReduceAttrs>(
    name,
    ({ inputs: { x }, attrs, backend }) => {
      const { outShape, outer, length, inner } = split(x, attrs);
      const y = backend.output(outShape, 'float32');
      const extra = factor ? [factor(length)] : [];
      backend.library.call(native, backend.address(x), backend.address(y), outer, length, inner, ...extra);
      return y;
    },
    ({ inputs: { x }, attrs }) => areFloats(x) && split(x, attrs).neighbours,
  );

export const reduceKernels = [
  reduce('Sum', 'reduceSum', () => 1),
  reduce('Mean', 'reduceSum', (length) => 1 / length),
  reduce('Max', 'reduceMax'),
  kernel<{ logits: TensorInfo }, { dim: number }>(
    'Softmax',
    ({ inputs: { logits }, backend }) => {
      const y = backend.output(logits.shape, 'float32');
      const columns = logits.shape.at(-1)!;
      backend.library.call(
        'softmax',
        backend.address(logits),
        backend.address(y),
        sizeOf(logits) / columns,
        columns,
      );
      return y;
    },
    ({ inputs: { logits }, attrs: { dim } }) =>
      areFloats(logits) && (dim === -1 || dim === logits.shape.length - 1),
  ),
];
