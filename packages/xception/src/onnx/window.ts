import type { Window } from '../exporting/window';
import type { Attribute } from './graph';

/**
 * The attributes of an ONNX window over a map of [height, width], null where the size is not known.
 *
 * Paddings are written as numbers where they can be, since not every tool reads `auto_pad` with dilations.
 */
export function windowAttributes(
  window: Window,
  size: readonly (number | null)[],
): Record<string, Attribute> {
  const { kernelSize, strides, dilations, padding } = window;
  const sides = [0, 1].map((axis) => paddingOf(window, axis, size[axis] ?? null));
  const [top, left] = sides as [[number, number] | null, [number, number] | null];
  return {
    kernel_shape: { ints: kernelSize },
    strides: { ints: strides },
    // A pool has none where they are 1.
    ...(dilations.some((dilation) => dilation > 1) ? { dilations: { ints: dilations } } : {}),
    ...(top && left
      ? { pads: { ints: [top[0], left[0], top[1], left[1]] } }
      : { auto_pad: { string: padding === 'same' ? 'SAME_UPPER' : 'VALID' } }),
  };
}

/** [before, behind], or null where it depends on a size that is not known. */
function paddingOf(
  { kernelSize, strides, dilations, padding }: Window,
  axis: number,
  size: number | null,
): [number, number] | null {
  const [stride, reach] = [strides[axis]!, (kernelSize[axis]! - 1) * dilations[axis]!];
  if (padding === 'valid') return [0, 0];
  if (padding === 'symmetric') return [Math.floor(reach / 2), Math.floor(reach / 2)];
  if (size === null && stride > 1) return null;
  const total =
    size === null ? reach : Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach + 1 - size);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}
