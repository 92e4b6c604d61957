import { below, randomWords, STREAM } from './random';

/** `'random'`: a coin per image and epoch. `'alternating'`: a coin per image, turned over every epoch. */
export type Flip = 'random' | 'alternating';

export interface Crop {
  /** Pixels added on every side before a window of the image's own size is cut out at a random place. */
  padding: number;
  /** What is added: black, or the image mirrored at its edge (the edge itself is not repeated). */
  mode: 'zero' | 'reflect';
}

/** Whether image `index` is mirrored left to right in this epoch. */
export function isFlipped(flip: Flip | undefined, seed: number, epoch: number, index: number): boolean {
  if (!flip) return false;
  if (flip === 'random') return randomWords(seed, STREAM.flip, epoch, index)[0] >>> 31 === 1;
  const coin = randomWords(seed, STREAM.flip, 0, index)[0] >>> 31;
  return coin !== epoch % 2;
}

/** How far the window of image `index` is moved down and to the right in this epoch, each −padding to +padding. */
export function cropShift(
  crop: Crop | undefined,
  seed: number,
  epoch: number,
  index: number,
): [number, number] {
  if (!crop) return [0, 0];
  const [down, right] = randomWords(seed, STREAM.crop, epoch, index);
  const places = 2 * crop.padding + 1;
  return [below(places, down) - crop.padding, below(places, right) - crop.padding];
}

/**
 * Writes to `map` from which source row (or column) each output row (or column) is read, −1 standing for black.
 *
 * The window is cut first and mirrored then, as in torchvision's usual RandomCrop → RandomHorizontalFlip.
 */
export function mapAxis(
  map: Int32Array,
  shift: number,
  mode: Crop['mode'] | undefined,
  mirrored: boolean,
): void {
  const last = map.length - 1;
  for (let i = 0; i <= last; i++) {
    let from = (mirrored ? last - i : i) + shift;
    if (from < 0) from = mode === 'reflect' ? -from : -1;
    else if (from > last) from = mode === 'reflect' ? 2 * last - from : -1;
    map[i] = from;
  }
}
