import { randomWords, STREAM } from '../random';

/** `'random'`: a coin per image and epoch. `'alternating'`: a coin per image, turned over every epoch. */
export type Flip = 'random' | 'alternating';

/** Whether image `index` is mirrored left to right in this epoch. */
export function isFlipped(flip: Flip | undefined, seed: number, epoch: number, index: number): boolean {
  if (!flip) return false;
  if (flip === 'random') return randomWords(seed, STREAM.flip, epoch, index)[0] >>> 31 === 1;
  const coin = randomWords(seed, STREAM.flip, 0, index)[0] >>> 31;
  return coin !== epoch % 2;
}
