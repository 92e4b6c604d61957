/**
 * Random numbers without a state: each is a pure function of (seed, stream, epoch, index), so a run that is
 * resumed, or a batch that is made on another machine, draws what an uninterrupted run would have drawn.
 */

/**
 * What a number is drawn for; drawing for one purpose never changes the numbers of another. Some purposes need more
 * than two words and take the streams that follow theirs too.
 */
export const STREAM = {
  split: 1,
  order: 2,
  flip: 3,
  crop: 4,
  translate: 5,
  cutout: 6,
  mix: 7,
  box: 8,
  folds: 9,
  /** Three of them. */
  jitter: 16,
  /** Sixty-four, one for each operation. */
  randAugment: 64,
  /** Sixty-four, one for each draw of a rejection. */
  mixShare: 128,
} as const;

const PARITY = 0x1bd11bda;

/**
 * Threefry-2x32 with 20 rounds: two random words (unsigned 32 bits) from a key and a counter of two words each.
 *
 * Source: Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3" (2011); the generator of JAX.
 */
export function threefry2x32(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
): [number, number] {
  let [next, afterNext, last] = [key1, key0 ^ key1 ^ PARITY, key0];
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  // The rounds are written out: every image of every epoch comes through here several times.
  for (let group = 1; group <= 5; group++) {
    const isOdd = (group & 1) === 1;
    x0 = (x0 + x1) | 0;
    x1 = (isOdd ? rotate(x1, 13) : rotate(x1, 17)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = (isOdd ? rotate(x1, 15) : rotate(x1, 29)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = (isOdd ? rotate(x1, 26) : rotate(x1, 16)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = (isOdd ? rotate(x1, 6) : rotate(x1, 24)) ^ x0;
    x0 = (x0 + next) | 0;
    x1 = (x1 + afterNext + group) | 0;
    [next, afterNext, last] = [afterNext, last, next];
  }
  return [x0 >>> 0, x1 >>> 0];
}

const rotate = (word: number, bits: number) => (word << bits) | (word >>> (32 - bits));

/** Two random words for this seed (0 to 2⁵³ − 1), stream, epoch and index; no two inputs share key and counter. */
export function randomWords(seed: number, stream: number, epoch: number, index: number): [number, number] {
  const seedHigh = Math.floor(seed / 2 ** 32);
  return threefry2x32(seed >>> 0, seedHigh | (stream << 21), epoch, index);
}

/** Maps a random word to an integer of 0 to `bound` − 1. */
export function below(bound: number, word: number): number {
  return Math.floor((word / 2 ** 32) * bound);
}

/** Maps a random word to a number of 0 to 1, 1 left out. */
export const unit = (word: number) => word / 2 ** 32;

/** A random order of 0 to `length` − 1 (Fisher–Yates), a pure function of its arguments. */
export function permutation(length: number, seed: number, stream: number, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = below(i + 1, randomWords(seed, stream, epoch, i)[0]);
    const swapped = order[i]!;
    order[i] = order[j]!;
    order[j] = swapped;
  }
  return order;
}
