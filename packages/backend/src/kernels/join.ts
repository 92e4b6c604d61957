import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { axisOf } from './axes';
import { copy, isPlain } from './copy';
import { kernel } from './kernel';
import { MAX_RANK, mergeAxes, stridesOf } from './strides';

function concat(backend: XcpBackend, parts: TensorInfo[], axis: number): TensorInfo {
  const shape = [...parts[0]!.shape];
  shape[axis] = parts.reduce((total, part) => total + part.shape[axis]!, 0);
  const out = backend.output(shape, parts[0]!.dtype);
  const strides = stridesOf(shape);
  let at = 0;
  for (const part of parts) {
    copy(backend, part, 0, out, at, { sizes: part.shape, strides: [stridesOf(part.shape), strides] });
    at += part.shape[axis]! * strides[axis]!;
  }
  return out;
}

const areAlike = (parts: TensorInfo[], except?: number): boolean =>
  parts.length > 0 &&
  parts.every(
    (part) =>
      isPlain(part) &&
      part.dtype === parts[0]!.dtype &&
      part.shape.length === parts[0]!.shape.length &&
      part.shape.every((size, axis) => axis === except || size === parts[0]!.shape[axis]),
  );

/** A tiled tensor as a strided loop: each axis becomes (repetitions, size), and repetitions stand still in the input. */
function tileLoop(x: TensorInfo, reps: readonly number[]) {
  const own = stridesOf(x.shape);
  const shape = x.shape.map((size, axis) => size * reps[axis]!);
  const strides = stridesOf(shape);
  return {
    shape,
    loop: {
      sizes: x.shape.flatMap((size, axis) => [reps[axis]!, size]),
      strides: [
        own.flatMap((stride) => [0, stride]),
        strides.flatMap((stride, axis) => [stride * x.shape[axis]!, stride]),
      ],
    },
  };
}

export const joinKernels = [
  kernel<TensorInfo[], { axis: number }>(
    'Concat',
    ({ inputs, attrs, backend }) => concat(backend, inputs, axisOf(attrs.axis, inputs[0]!.shape)),
    ({ inputs, attrs }) => areAlike(inputs, inputs[0] && axisOf(attrs.axis, inputs[0].shape)),
  ),
  kernel<TensorInfo[], { axis: number }>(
    'Pack',
    ({ inputs, attrs, backend }) => {
      const shape = [...inputs[0]!.shape];
      const axis = attrs.axis < 0 ? attrs.axis + shape.length + 1 : attrs.axis;
      util.assert(
        Number.isInteger(axis) && axis >= 0 && axis <= shape.length,
        () =>
          `xcp backend: stack: \`axis\` must lie in [${-shape.length - 1}, ${shape.length}], received ${attrs.axis}`,
      );
      shape.splice(axis, 0, 1);
      return concat(
        backend,
        inputs.map((part) => ({ ...part, dataId: part.dataId, dtype: part.dtype, shape })),
        axis,
      );
    },
    ({ inputs }) => areAlike(inputs) && inputs[0]!.shape.length < MAX_RANK,
  ),
  kernel<{ x: TensorInfo }, { reps: number[] }>(
    'Tile',
    ({ inputs: { x }, attrs: { reps }, backend }) => {
      const { shape, loop } = tileLoop(x, reps);
      const out = backend.output(shape, x.dtype);
      copy(backend, x, 0, out, 0, loop);
      return out;
    },
    ({ inputs: { x }, attrs: { reps } }) =>
      isPlain(x) &&
      reps.length === x.shape.length &&
      reps.every((n) => Number.isInteger(n) && n > 0) &&
      mergeAxes(tileLoop(x, reps).loop).sizes.length <= MAX_RANK,
  ),
];
