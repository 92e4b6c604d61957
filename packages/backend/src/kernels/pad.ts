import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { copy, dot, filled, isPlain } from './copy';
import { kernel } from './kernel';
import { stridesOf } from './strides';

type Paddings = readonly (readonly [number, number])[];

const isWhole = (n: unknown) => Number.isInteger(n) && (n as number) >= 0;

const arePaddings = (x: TensorInfo, paddings: Paddings): boolean =>
  paddings.length === x.shape.length &&
  paddings.every(([before, after]) => isWhole(before) && isWhole(after));

/** The shape with its paddings, and where the input begins in it. */
function padded(x: TensorInfo, paddings: Paddings) {
  const shape = x.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1]);
  const strides = stridesOf(shape);
  const start = dot(
    paddings.map(([before]) => before),
    strides,
  );
  return { shape, strides, start };
}

/** A copy with a border of one value. */
export function padConstant(
  backend: XcpBackend,
  x: TensorInfo,
  paddings: Paddings,
  value: number,
): TensorInfo {
  const { shape, strides, start } = padded(x, paddings);
  const out = filled(backend, shape, x.dtype, value);
  copy(backend, x, 0, out, start, { sizes: x.shape, strides: [stridesOf(x.shape), strides] });
  return out;
}

/**
 * A copy whose border mirrors what is inside; `shift` is 1 where the edge itself is not repeated. Axis by axis: the
 * border of an axis is copied out of the output itself, over what the axes before have filled.
 */
function padMirrored(backend: XcpBackend, x: TensorInfo, paddings: Paddings, shift: 0 | 1): TensorInfo {
  const { shape, strides, start } = padded(x, paddings);
  const out = backend.output(shape, x.dtype);
  copy(backend, x, 0, out, start, { sizes: x.shape, strides: [stridesOf(x.shape), strides] });
  shape.forEach((_, axis) => {
    const [before, after] = paddings[axis]!;
    const stride = strides[axis]!;
    const origin = dot(
      paddings.map(([lead], i) => (i <= axis ? 0 : lead)),
      strides,
    );
    const border = (count: number, from: number, to: number, step: number) =>
      copy(backend, out, origin + from * stride, out, origin + to * stride, {
        sizes: shape.map((full, i) => (i < axis ? full : i === axis ? count : x.shape[i]!)),
        strides: [
          strides.map((s, i) => (i === axis ? s * step : s)),
          strides.map((s, i) => (i === axis ? -s * step : s)),
        ],
      });
    border(before, before + shift, before - 1, 1);
    const end = before + x.shape[axis]!;
    border(after, end - 1 - shift, end, -1);
  });
  return out;
}

export const padKernels = [
  kernel<{ x: TensorInfo }, { paddings: [number, number][]; constantValue: number }>(
    'PadV2',
    ({ inputs: { x }, attrs, backend }) => padConstant(backend, x, attrs.paddings, attrs.constantValue ?? 0),
    ({ inputs: { x }, attrs }) => isPlain(x) && arePaddings(x, attrs.paddings),
  ),
  kernel<{ x: TensorInfo }, { paddings: [number, number][]; mode: 'reflect' | 'symmetric' }>(
    'MirrorPad',
    ({ inputs: { x }, attrs: { paddings, mode }, backend }) => {
      const shift = mode === 'reflect' ? 1 : 0;
      const fits = paddings.every(([a, b], axis) => Math.max(a, b) <= x.shape[axis]! - shift);
      util.assert(
        fits,
        () =>
          `xcp backend: mirrorPad: paddings [${paddings}] with mode ${mode} do not fit the shape [${x.shape}]`,
      );
      return padMirrored(backend, x, paddings, shift);
    },
    ({ inputs: { x }, attrs }) => isPlain(x) && arePaddings(x, attrs.paddings),
  ),
];
