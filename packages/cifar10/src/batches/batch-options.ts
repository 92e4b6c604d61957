import {
  AUGMENT_KEYS,
  type AugmentOptions,
  type ResolvedAugmentation,
  resolveAugmentation,
} from '../augment/augmentation';
import { checkChoice, checkInteger } from '../check';
import { CIFAR10_MEAN, CIFAR10_STD } from '../constants';
import { checkLabeledImages, type LabeledImages } from '../labeled-images';
import { type ProgressiveSize, resolveProgressive } from './progressive';
import { resolveShare, type Share } from './share';

/** What stays the same from epoch to epoch. */
export interface BatchSourceOptions extends AugmentOptions {
  /** Which images, by index, and in which order where `shuffle` is off. Default: all, in order. */
  indices?: ArrayLike<number>;
  /** Images per batch. Default 128. */
  batchSize?: number;
  /** Chooses order and augmentation: an integer of at least 0. Default 0. */
  seed?: number;
  /** A new order every epoch. Default false. */
  shuffle?: boolean;
  /** Leave out a last batch that is not full. Default false: evaluation must count every image. */
  dropLast?: boolean;
  /**
   * Write the images of every batch into the memory of the one before, so that a batch holds only until the next one is
   * pulled. Fresh memory costs the system about as much time as making the images does. Default false.
   */
  reuse?: boolean;
  /** Per channel, for pixels in 0…1. Default {@link CIFAR10_MEAN}. */
  mean?: readonly number[];
  /** Per channel, for pixels in 0…1. Default {@link CIFAR10_STD}. */
  std?: readonly number[];
  /** Resize to `size`×`size` pixels, bilinearly. Default: as the images are. */
  size?: number;
  /** Other sizes for the first steps of a run, in their order, such as smaller ones that train faster. Default none. */
  progressive?: readonly ProgressiveSize[];
  /**
   * Where several processes (ranks) train together: make the images of this one alone, and tell by `made` which those
   * are. Memory, labels and order are those of the whole batch. Default: all.
   */
  share?: Share;
}

/** What `batches` takes: the options of a source, and where to begin. */
export interface BatchOptions extends BatchSourceOptions {
  /** Which epoch: an integer of at least 0. Default 0. */
  epoch?: number;
  /** The first batch to give. Default 0. */
  startBatch?: number;
}

/** Options that are checked and complete: plain data, so that another thread can be given them. */
export interface ResolvedBatchOptions {
  readonly indices: Uint32Array;
  readonly batchSize: number;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly dropLast: boolean;
  readonly reuse: boolean;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly augmentation: ResolvedAugmentation;
  readonly size: number | undefined;
  readonly progressive: readonly ProgressiveSize[];
  readonly share: Share;
}

export const SOURCE_KEYS = [
  'indices',
  'batchSize',
  'seed',
  'shuffle',
  'dropLast',
  'reuse',
  'mean',
  'std',
  ...AUGMENT_KEYS,
  'size',
  'progressive',
  'share',
];

/** Checks every option against the set and fills in the defaults. */
export function resolveBatchOptions(
  subject: string,
  set: LabeledImages,
  options: BatchSourceOptions,
): ResolvedBatchOptions {
  checkLabeledImages(subject, set);
  const { batchSize = 128, seed = 0, shuffle = false, dropLast = false, reuse = false } = options;
  const { mean = CIFAR10_MEAN, std = CIFAR10_STD, size } = options;
  checkInteger(subject, 'batchSize', batchSize, 1);
  checkInteger(subject, 'seed', seed, 0);
  checkChoice(subject, 'shuffle', shuffle, [true, false]);
  checkChoice(subject, 'dropLast', dropLast, [true, false]);
  checkChoice(subject, 'reuse', reuse, [true, false]);
  checkPerChannel(subject, 'mean', mean, set.channels, Number.isFinite, 'finite');
  checkPerChannel(subject, 'std', std, set.channels, (value) => value > 0, 'positive');
  if (size !== undefined) checkInteger(subject, 'size', size, 1);
  return {
    // A copy, so that a caller's later change to them changes no epoch.
    indices: resolveIndices(subject, set.length, options.indices),
    batchSize,
    seed,
    shuffle,
    dropLast,
    reuse,
    mean: [...mean],
    std: [...std],
    augmentation: resolveAugmentation(subject, options, set, mean),
    size,
    progressive: resolveProgressive(subject, options.progressive ?? []),
    share: resolveShare(subject, options.share),
  };
}

/** Batches in one epoch. */
export function countBatches({ indices, batchSize, dropLast }: ResolvedBatchOptions): number {
  const batches = indices.length / batchSize;
  return dropLast ? Math.floor(batches) : Math.ceil(batches);
}

/** Images in one epoch, without those that `dropLast` leaves out. */
export function countImages(options: ResolvedBatchOptions): number {
  return Math.min(options.indices.length, countBatches(options) * options.batchSize);
}

/** Throws unless there is such an epoch, and such a batch in it (or right behind its last one). */
export function checkPlace(
  subject: string,
  options: ResolvedBatchOptions,
  epoch: number,
  startBatch: number,
): void {
  checkInteger(subject, 'epoch', epoch, 0, 2 ** 32 - 1);
  checkInteger(subject, 'startBatch', startBatch, 0, countBatches(options));
}

function resolveIndices(subject: string, length: number, indices?: ArrayLike<number>): Uint32Array {
  if (indices === undefined) return Uint32Array.from({ length }, (_, i) => i);
  for (let i = 0; i < indices.length; i++) checkInteger(subject, `indices[${i}]`, indices[i], 0, length - 1);
  return Uint32Array.from(indices);
}

function checkPerChannel(
  subject: string,
  name: string,
  values: readonly number[],
  channels: number,
  isValid: (value: number) => boolean,
  rule: string,
): void {
  if (values.length !== channels || !values.every(isValid)) {
    throw new Error(
      `${subject}: \`${name}\` must hold a ${rule} number per channel (${channels}), received [${values.join(', ')}]`,
    );
  }
}
