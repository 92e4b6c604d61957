export type { AugmentOptions } from './augment/augmentation';
export type { ColorJitter } from './augment/color-jitter';
export type { Cutout } from './augment/cutout';
export type { Flip } from './augment/flip';
export type { CutMix, Mixup } from './augment/mix';
export type { RandAugment } from './augment/rand-augment';
export type { Crop, Fill, Translate } from './augment/shift';
export type { Batch, MixedLabels } from './batches/batch-maker';
export type { BatchOptions, BatchSourceOptions } from './batches/batch-options';
export { type BatchSource, batchSource } from './batches/batch-source';
export { type Batches, batches } from './batches/batches';
export type { ProgressiveSize } from './batches/progressive';
export type { ImageRange, Share } from './batches/share';
export { softTargets } from './batches/soft-targets';
export { CIFAR100_CLASSES, CIFAR100_SUPERCLASSES } from './cifar100-classes';
export { CIFAR10_CLASSES, CIFAR10_MEAN, CIFAR10_STD } from './constants';
export { encodeRecords } from './encode-records';
export { readDuplicates } from './inspect/read-duplicates';
export type { Cifar10, Cifar100, Cifar100Images, LabeledImages } from './labeled-images';
export {
  CIFAR10_FILES,
  CIFAR10_MANIFEST,
  CIFAR100_ARCHIVE,
  type DataFile,
  type Manifest,
  type PublishedFile,
} from './manifest';
export { decodeRecords } from './records';
export { type KFoldOptions, kFold } from './split/k-fold';
export { type Split, type SplitOptions, split } from './split/split';
export { type ChannelStatistics, channelStatistics } from './statistics';
