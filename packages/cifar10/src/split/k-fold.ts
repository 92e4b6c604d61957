import { checkChoice, checkInteger, checkKeys } from '../check';
import { permutation, STREAM } from '../random';
import { labelGroups } from './label-groups';
import type { Split } from './split';

export interface KFoldOptions {
  /** How many folds: at least 2, at most one for each image. */
  folds: number;
  /** Which of the many divisions: an integer of at least 0. */
  seed: number;
  /** Give each fold the same share of every class. Default true. */
  stratify?: boolean;
}

/**
 * Divides the images of `set` into folds, and gives a split for each: that fold to validate with, the others to train
 * on. Every image is in one fold; sizes, and with `stratify` those of every class, differ by one image at most.
 *
 * On every machine the same for the same seed. Throws unless there are 2 folds or more and an image for each.
 *
 * @example
 * for (const { train, validation } of kFold(cifar10.train, { folds: 5, seed: 0 })) {
 *   const data = batchSource(cifar10.train, { indices: train, shuffle: true });
 * }
 */
export function kFold(set: { readonly labels: Uint8Array }, options: KFoldOptions): Split[] {
  checkKeys('kFold', options, ['folds', 'seed', 'stratify']);
  const { folds, seed, stratify = true } = options;
  const { labels } = set;
  checkInteger('kFold', 'seed', seed, 0);
  checkChoice('kFold', 'stratify', stratify, [true, false]);
  checkInteger('kFold', 'folds', folds, 2, labels.length);

  const foldOf = new Uint32Array(labels.length);
  // Dealt like cards, on from where the class before ended: so no fold collects what is left over of every class.
  let dealt = 0;
  labelGroups(labels, stratify).forEach((group, g) => {
    for (const position of permutation(group.length, seed, STREAM.folds, g)) {
      foldOf[group[position]!] = dealt++ % folds;
    }
  });
  const indices = Uint32Array.from(labels, (_, index) => index);
  return Array.from({ length: folds }, (_, fold) => ({
    train: indices.filter((index) => foldOf[index] !== fold),
    validation: indices.filter((index) => foldOf[index] === fold),
  }));
}
