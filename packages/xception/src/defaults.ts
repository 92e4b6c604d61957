import type { StemConfig, XceptionConfig } from './config';

export const stemDefaults = {
  kernelSizes: [3, 3],
  whiten: false,
  bias: false,
} satisfies Partial<StemConfig>;

export const stems: Record<'imagenet' | 'cifar', StemConfig> = {
  imagenet: { filters: [32, 64], strides: [2, 1], padding: 'valid' },
  cifar: { filters: [32, 64], strides: [1, 1], padding: 'same' },
};

/** All but those whose defaults follow from other keys. */
export const defaults = {
  inputShape: [299, 299, 3],
  classes: 1000,
  includeTop: true,
  pooling: null,
  entryFilters: [128, 256, 728],
  middleBlocks: 8,
  middleConvs: 3,
  middleFlow: 'distinct',
  exitFilters: [728, 1024],
  exitStride: 2,
  finalFilters: [1536, 2048],
  padding: 'keras',
  width: 1,
  preActivation: false,
  dropout: 0,
  dropPath: 0,
  checkpointBlocks: false,
  batchNormMomentum: 0.99,
  batchNormEpsilon: 1e-3,
  batchNormUnbiasedVariance: false,
  kernelInitializer: 'glorotUniform',
  residualGammaInitializer: 'ones',
  classifierInitializer: 'glorotUniform',
  classifierActivation: 'linear',
  seed: 0,
} satisfies XceptionConfig;

/** Their defaults follow from the stem, the number of blocks and `kernelInitializer`. */
export const derivedKeys = ['stem', 'entryStrides', 'depthwiseInitializer', 'pointwiseInitializer'] as const;
