import type { Crop, Flip } from './augment';
import { checkChoice, checkInteger, checkKeys } from './check';
import { CIFAR10_MEAN, CIFAR10_STD } from './constants';
import { checkLabeledImages, type LabeledImages } from './labeled-images';

/** What stays the same from epoch to epoch. */
export interface BatchSourceOptions {
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
  /** Per channel, for pixels in 0…1. Default {@link CIFAR10_MEAN}. */
  mean?: readonly number[];
  /** Per channel, for pixels in 0…1. Default {@link CIFAR10_STD}. */
  std?: readonly number[];
  /** Mirror images left to right. Default: never. */
  flip?: Flip;
  /** Move images by padding them and cutting a window out. Default: never. */
  crop?: Crop;
  /** Resize to `size`×`size` pixels, bilinearly. Default: as the images are. */
  size?: number;
}

/** What `batches` takes: the options of a source, and where to begin. */
export interface BatchOptions extends BatchSourceOptions {
  /** Which epoch: an integer of at least 0. Default 0. */
  epoch?: number;
  /** The first batch to give. Default 0. */
  startBatch?: number;
}

export type ResolvedBatchOptions = Required<Omit<BatchOptions, 'flip' | 'crop' | 'size' | 'indices'>> &
  Pick<BatchOptions, 'flip' | 'crop' | 'size'> & { indices: Uint32Array };

export const SOURCE_KEYS = [
  'indices',
  'batchSize',
  'seed',
  'shuffle',
  'dropLast',
  'mean',
  'std',
  'flip',
  'crop',
  'size',
];

/** Checks every option against the set and fills in the defaults. */
export function resolveBatchOptions(
  subject: string,
  set: LabeledImages,
  options: BatchOptions,
): ResolvedBatchOptions {
  checkLabeledImages(subject, set);
  const resolved = {
    ...options,
    indices: resolveIndices(subject, set.length, options.indices),
    batchSize: options.batchSize ?? 128,
    seed: options.seed ?? 0,
    epoch: options.epoch ?? 0,
    startBatch: options.startBatch ?? 0,
    shuffle: options.shuffle ?? false,
    dropLast: options.dropLast ?? false,
    mean: options.mean ?? CIFAR10_MEAN,
    std: options.std ?? CIFAR10_STD,
  };
  checkInteger(subject, 'batchSize', resolved.batchSize, 1);
  checkInteger(subject, 'seed', resolved.seed, 0);
  checkInteger(subject, 'epoch', resolved.epoch, 0, 2 ** 32 - 1);
  checkInteger(subject, 'startBatch', resolved.startBatch, 0, countBatches(resolved));
  checkChoice(subject, 'shuffle', resolved.shuffle, [true, false]);
  checkChoice(subject, 'dropLast', resolved.dropLast, [true, false]);
  checkChoice(subject, 'flip', options.flip, ['random', 'alternating', undefined]);
  checkPerChannel(subject, 'mean', resolved.mean, set.channels, Number.isFinite, 'finite');
  checkPerChannel(subject, 'std', resolved.std, set.channels, (value) => value > 0, 'positive');
  if (options.crop) checkCrop(subject, options.crop, set);
  if (options.size !== undefined) checkInteger(subject, 'size', options.size, 1);
  return resolved;
}

/** Batches in one epoch. */
export function countBatches({ indices, batchSize, dropLast }: ResolvedBatchOptions): number {
  const batches = indices.length / batchSize;
  return dropLast ? Math.floor(batches) : Math.ceil(batches);
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

function checkCrop(subject: string, crop: Crop, { height, width }: LabeledImages): void {
  checkKeys(`${subject}: \`crop\``, crop, ['padding', 'mode']);
  // A mirror image holds all but the edge row, so it cannot be padded any wider.
  const most = crop.mode === 'reflect' ? Math.min(height, width) - 1 : Number.MAX_SAFE_INTEGER;
  checkInteger(subject, 'crop.padding', crop.padding, 0, most);
  checkChoice(subject, 'crop.mode', crop.mode, ['zero', 'reflect']);
}
