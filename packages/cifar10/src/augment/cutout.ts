import { checkInteger, checkKeys } from '../check';
import { below, randomWords, STREAM } from '../random';

export interface Cutout {
  /** Side of the square in pixels. */
  size: number;
  /** A byte per channel to fill it with. Default the `mean` of the normalization, which then becomes 0. */
  fill?: readonly number[];
}

/** Throws unless the size and the bytes to fill with are such. */
export function checkCutout(subject: string, cutout: Cutout, channels: number): void {
  checkKeys(`${subject}: \`cutout\``, cutout, ['size', 'fill']);
  checkInteger(subject, 'cutout.size', cutout.size, 1);
  if (cutout.fill === undefined) return;
  if (cutout.fill.length !== channels) {
    throw new Error(
      `${subject}: \`cutout.fill\` must hold a byte per channel (${channels}), received [${cutout.fill.join(', ')}]`,
    );
  }
  cutout.fill.forEach((byte, channel) => {
    checkInteger(subject, `cutout.fill[${channel}]`, byte, 0, 255);
  });
}

/**
 * Covers a square of an HWC image at a random place, in place: its middle is any pixel, and what lies beyond the edge
 * is cut off.
 *
 * Source: DeVries and Taylor, "Improved Regularization of Convolutional Neural Networks with Cutout" (2017).
 */
export function cutOut(
  pixels: Uint8Array,
  [height, width]: readonly [height: number, width: number],
  { size, fill }: Required<Cutout>,
  seed: number,
  epoch: number,
  index: number,
): void {
  const [down, right] = randomWords(seed, STREAM.cutout, epoch, index);
  const top = below(height, down) - (size >> 1);
  const left = below(width, right) - (size >> 1);
  const channels = fill.length;
  for (let y = Math.max(0, top); y < Math.min(height, top + size); y++) {
    for (let x = Math.max(0, left); x < Math.min(width, left + size); x++) {
      const at = (y * width + x) * channels;
      for (let channel = 0; channel < channels; channel++) pixels[at + channel] = fill[channel]!;
    }
  }
}
