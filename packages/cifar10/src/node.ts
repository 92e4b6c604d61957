export { defaultCacheDir } from './load/cache.js';
export { type LoadCifar10Options, loadCifar10 } from './load/load-cifar10.js';
export type { Cifar10Progress, SourceName } from './load/progress.js';
export type { Cifar10Source } from './load/source.js';
