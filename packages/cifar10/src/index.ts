export type { Flip } from './augment/flip';
export type { Crop, Fill, Translate } from './augment/shift';
export type { Batch } from './batches/batch-maker';
export type { BatchOptions, BatchSourceOptions } from './batches/batch-options';
export { type BatchSource, batchSource } from './batches/batch-source';
export { type Batches, batches } from './batches/batches';
export { CIFAR10_CLASSES, CIFAR10_MEAN, CIFAR10_STD } from './constants';
export { encodeRecords } from './encode-records';
export type { Cifar10, LabeledImages } from './labeled-images';
export {
  CIFAR10_FILES,
  CIFAR10_MANIFEST,
  type DataFile,
  type Manifest,
  type PublishedFile,
} from './manifest';
export { decodeRecords } from './records';
export { type Split, type SplitOptions, split } from './split';
