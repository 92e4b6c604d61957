export type { Crop, Flip } from './augment';
export type { BatchOptions, BatchSourceOptions } from './batch-options';
export { type BatchSource, batchSource } from './batch-source';
export { type Batch, batches } from './batches';
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
