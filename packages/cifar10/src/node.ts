export { type FileCheck, type VerifyOptions, verifyCifar10 } from './inspect/verify-files';
export { defaultCacheDir } from './load/cache';
export { type LoadCifar100Options, loadCifar100 } from './load/cifar100/load-cifar100';
export { type LoadCifar10Options, loadCifar10 } from './load/load-cifar10';
export type { Cifar10Progress, SourceName } from './load/progress';
export { CIFAR10_SOURCES, type Cifar10Source } from './load/source';
export {
  type WorkerBatchSource,
  type WorkerBatchSourceOptions,
  workerBatchSource,
} from './workers/worker-batch-source';
