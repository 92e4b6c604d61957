import { checkChoice, checkInteger, checkKeys } from '../check';
import { permutation, STREAM } from '../random';
import { labelGroups } from './label-groups';

export interface SplitOptions {
  /** Share of the images to hold out for validation, 0 ≤ share < 1. Default 0.1, as in the usual CIFAR-10 reports. */
  share?: number;
  /** Number of images to hold out for validation, in place of `share`. */
  count?: number;
  /** Which of the many splits: an integer of at least 0. */
  seed: number;
  /** Hold out the same share of every class. Default true: it makes small validation sets less noisy. */
  stratify?: boolean;
}

/** Indices into the set that was split, each in ascending order. */
export interface Split {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
}

/**
 * Divides the images of `set` into those to train on and those to validate with: disjoint, complete,
 * and on every machine the same for the same seed.
 *
 * Throws if both `share` and `count` are given, or if nothing would be left to train on.
 *
 * @example
 * const { train, validation } = split(cifar10.train, { share: 0.1, seed: 0 }); // 45,000 and 5,000 indices
 */
export function split(set: { readonly labels: Uint8Array }, options: SplitOptions): Split {
  checkKeys('split', options, ['share', 'count', 'seed', 'stratify']);
  const { seed, stratify = true } = options;
  checkInteger('split', 'seed', seed, 0);
  checkChoice('split', 'stratify', stratify, [true, false]);
  const { labels } = set;
  const count = validationCount(labels.length, options);

  const groups = labelGroups(labels, stratify);
  const quotas = apportion(
    count,
    groups.map((group) => group.length),
  );
  const held = new Uint8Array(labels.length);
  groups.forEach((group, g) => {
    const order = permutation(group.length, seed, STREAM.split, g);
    for (let i = 0; i < quotas[g]!; i++) held[group[order[i]!]!] = 1;
  });

  const train = new Uint32Array(labels.length - count);
  const validation = new Uint32Array(count);
  let trained = 0;
  let validated = 0;
  held.forEach((isHeld, index) => {
    if (isHeld) validation[validated++] = index;
    else train[trained++] = index;
  });
  return { train, validation };
}

function validationCount(length: number, { share, count }: SplitOptions): number {
  if (length === 0) throw new Error('split: `set` must hold at least one image, received none');
  if (count !== undefined) {
    if (share !== undefined) {
      throw new Error(`split: give either \`share\` or \`count\`, received both (${share} and ${count})`);
    }
    checkInteger('split', 'count', count, 0, length - 1);
    return count;
  }
  const wanted = share ?? 0.1;
  if (!(wanted >= 0 && wanted < 1)) {
    throw new Error(`split: \`share\` must be at least 0 and below 1, received ${String(wanted)}`);
  }
  return Math.min(Math.round(wanted * length), length - 1);
}

/** Divides `count` in proportion to `sizes` by largest remainders, in whole numbers so that no rounding differs. */
function apportion(count: number, sizes: number[]): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const quotas = sizes.map((size) => Math.floor((count * size) / total));
  const remainder = (group: number) => (count * sizes[group]!) % total;
  const left = count - quotas.reduce((sum, quota) => sum + quota, 0);
  const byRemainder = sizes.map((_, group) => group).sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (const group of byRemainder.slice(0, left)) quotas[group]!++;
  return quotas;
}
