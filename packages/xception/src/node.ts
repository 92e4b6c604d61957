export { type CacheOptions, type DownloadProgress, defaultCacheDir } from './node/cached-file';
export { loadCifar10Weights } from './node/cifar10';
export { type ImagenetOptions, loadImagenetWeights } from './node/imagenet';
export { type FileLoadReport, loadWeights } from './node/load-weights';
export { type PretrainedConfig, pretrained } from './node/pretrained';
