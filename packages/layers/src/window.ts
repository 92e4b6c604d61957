import * as tf from '@tensorflow/tfjs-core';
import { received } from './checks';
import { hasGeneralWindows } from './fused-kernel';

/**
 * What lies around the input: nothing (`'valid'`), as much as makes the output ceil(size / stride) (`'same'`, more of
 * it behind than before where it is odd), or floor(dilation · (kernel − 1) / 2) on both sides whatever the stride
 * (`'symmetric'`), which is how PyTorch's networks are padded.
 */
export type Padding = 'same' | 'valid' | 'symmetric';

/** A window over [height, width] and how it moves. */
export interface Window {
  kernelSize: [number, number];
  strides: [number, number];
  dilations: [number, number];
  padding: Padding;
}

type Pad = 'same' | 'valid' | tf.backend_util.ExplicitPadding;

const symmetricPad = (kernel: number, dilation: number) => Math.floor((dilation * (kernel - 1)) / 2);
const reachOf = (kernel: number, dilation: number) => dilation * (kernel - 1) + 1;

/** How many places the window takes along an axis of that size. */
export function outputLength(
  size: number,
  kernel: number,
  stride: number,
  dilation: number,
  padding: Padding,
): number {
  if (padding === 'same') return Math.ceil(size / stride);
  const padded = padding === 'symmetric' ? size + 2 * symmetricPad(kernel, dilation) : size;
  return Math.floor((padded - reachOf(kernel, dilation)) / stride) + 1;
}

/** Throws unless the window has room in an input of these sizes, where null is a size not known yet. */
export function checkFits(
  subject: string,
  sizes: (number | null)[],
  window: { kernelSize: number[]; dilations: number[]; padding: Padding },
): void {
  sizes.forEach((size, axis) => {
    const [kernel, dilation] = [window.kernelSize[axis]!, window.dilations[axis]!];
    if (size === null || outputLength(size, kernel, 1, dilation, window.padding) > 0) return;
    const reach = window.kernelSize.map((kernel, i) => reachOf(kernel, window.dilations[i]!));
    throw new Error(
      `${subject}: a window that reaches over ${received(reach)} must fit an input with \`padding\` ` +
        `'${window.padding}', received one of ${received(sizes)}; enlarge it or take \`padding\` 'same'`,
    );
  });
}

/**
 * The input and the padding with which TensorFlow.js moves the window as `padding` says.
 *
 * Where `'symmetric'` is not what TensorFlow.js has a name for, the input is surrounded by `fill` first, unless the
 * engine takes explicit paddings, which need no copy (and fill nothing in: their windows end at the edge).
 */
export function padInput(x: tf.Tensor4D, window: Window, fill = 0): { input: tf.Tensor4D; pad: Pad } {
  const pad = resolvePadding(x.shape, window);
  if (typeof pad === 'string' || hasGeneralWindows()) return { input: x, pad };
  return { input: tf.pad(x, pad, fill), pad: 'valid' };
}

/** What to tell TensorFlow.js about an input [batch, height, width, channels]. */
export function resolvePadding(
  [, height, width]: [number, number, number, number],
  { kernelSize, strides, dilations, padding }: Window,
): Pad {
  if (padding !== 'symmetric') return padding;
  const [y, x] = [0, 1].map((axis) => symmetricPad(kernelSize[axis]!, dilations[axis]!)) as [number, number];
  if (y === 0 && x === 0) return 'valid';
  const isSame = [height, width].every((size, axis) => {
    const [kernel, stride, dilation] = [kernelSize[axis]!, strides[axis]!, dilations[axis]!];
    const length = outputLength(size, kernel, stride, dilation, 'same');
    const total = Math.max(0, (length - 1) * stride + reachOf(kernel, dilation) - size);
    return (
      length === outputLength(size, kernel, stride, dilation, 'symmetric') &&
      Math.floor(total / 2) === symmetricPad(kernel, dilation)
    );
  });
  return isSame
    ? 'same'
    : [
        [0, 0],
        [y, y],
        [x, x],
        [0, 0],
      ];
}
