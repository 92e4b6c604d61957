import { checkKeys } from '../check';
import { below, randomWords, STREAM, unit } from '../random';

/** Blends every image with another one. */
export interface Mixup {
  /** The share of the image is drawn from Beta(alpha, alpha): small values leave most images nearly alone. */
  alpha: number;
}

/** Covers a part of every image with that part of another one. */
export interface CutMix {
  /** The share of the image that is left is drawn from Beta(alpha, alpha). */
  alpha: number;
}

/** With what an image is mixed, and by how much. */
export interface Mix {
  readonly kind: 'mixup' | 'cutmix';
  /** Index of the other image. */
  readonly partner: number;
  /** Share of the image itself, 0 to 1, in single precision; for a cutmix the one drawn, before the box is cut. */
  readonly share: number;
}

/** Draws that a rejection may take; the chance to need more is nil. */
const MOST_DRAWS = 64;

/** Throws unless alpha is positive. */
export function checkMix(subject: string, name: 'mixup' | 'cutmix', options: Mixup | CutMix): void {
  checkKeys(`${subject}: \`${name}\``, options, ['alpha']);
  if (!(options.alpha > 0 && Number.isFinite(options.alpha))) {
    throw new Error(`${subject}: \`${name}.alpha\` must be positive, received ${String(options.alpha)}`);
  }
}

/**
 * How image `index` is mixed in this epoch: with any image of `indices`, whatever stands in its batch. Where both
 * mixes are given, a coin decides.
 */
export function mixOf(
  { mixup, cutmix }: { mixup?: Mixup | undefined; cutmix?: CutMix | undefined },
  indices: Uint32Array,
  seed: number,
  epoch: number,
  index: number,
): Mix | undefined {
  if (!mixup && !cutmix) return undefined;
  const [coin, which] = randomWords(seed, STREAM.mix, epoch, index);
  const kind = mixup && (!cutmix || coin >>> 31) ? 'mixup' : 'cutmix';
  const partner = indices[below(indices.length, which)]!;
  const share = betaOf((kind === 'mixup' ? mixup : cutmix)!.alpha, seed, epoch, index);
  return { kind, partner, share: Math.fround(share) };
}

/**
 * A number of Beta(alpha, alpha), by rejection: up to 1 by Jöhnk's method, above by comparison with a flat density.
 */
function betaOf(alpha: number, seed: number, epoch: number, index: number): number {
  for (let draw = 0; draw < MOST_DRAWS; draw++) {
    const [first, second] = randomWords(seed, STREAM.mixShare + draw, epoch, index);
    const [u, v] = [unit(first), unit(second)];
    if (alpha > 1) {
      if (v <= (4 * u * (1 - u)) ** (alpha - 1)) return u;
    } else {
      const [x, y] = [u ** (1 / alpha), v ** (1 / alpha)];
      if (x + y > 0 && x + y <= 1) return x / (x + y);
    }
  }
  return 0.5;
}

/** The part of an image that a cutmix covers, in pixels, and the share of the image that is then left. */
export interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
  readonly share: number;
}

/**
 * A box of 1 − `share` of the image about a random middle, cut off at the edges.
 *
 * Source: Yun et al., "CutMix" (2019).
 */
export function boxOf(
  share: number,
  height: number,
  width: number,
  seed: number,
  epoch: number,
  index: number,
): Box {
  const [down, across] = randomWords(seed, STREAM.box, epoch, index);
  const [y, x] = [below(height, down), below(width, across)];
  const half = 0.5 * Math.sqrt(1 - share);
  const [halfHeight, halfWidth] = [Math.trunc(half * height), Math.trunc(half * width)];
  const [top, bottom] = [Math.max(0, y - halfHeight), Math.min(height, y + halfHeight)];
  const [left, right] = [Math.max(0, x - halfWidth), Math.min(width, x + halfWidth)];
  const covered = ((bottom - top) * (right - left)) / (height * width);
  return { top, bottom, left, right, share: Math.fround(1 - covered) };
}
