import type { XceptionConfig } from './config';

/** The network of the paper, as Keras builds it. */
const keras: XceptionConfig = {};

/** The network as the paper trained it on ImageNet: with dropout before the classifier. */
const paper: XceptionConfig = { dropout: 0.5 };

/**
 * A PyTorch reproduction of 2020, which applies one middle block eight times: 9,529,610 parameters train with 10
 * classes. The rest is what PyTorch does unless told otherwise; its momentum of 0.1 is what Keras calls 0.9.
 */
const reference: XceptionConfig = {
  middleFlow: 'shared',
  padding: 'torch',
  batchNormMomentum: 0.9,
  batchNormEpsilon: 1e-5,
  batchNormUnbiasedVariance: true,
  kernelInitializer: 'torch',
  classifierInitializer: 'torch',
};

/** The paper's network for 32 × 32 images, whose resolution the stem keeps: the last map is 4 × 4, not 1 × 1. */
const cifar: XceptionConfig = { inputShape: [32, 32, 3], classes: 10, stem: 'cifar' };

/**
 * About half a million parameters for 32 × 32 images and short runs.
 *
 * The second convolution of the stem takes the resolution down at once, since a separable convolution at
 * 32 × 32 costs far more time than its arithmetic; the middle flow then works on 4 × 4.
 */
const slim: XceptionConfig = {
  inputShape: [32, 32, 3],
  classes: 10,
  stem: { filters: [16, 32], strides: [1, 2], padding: 'same' },
  entryFilters: [64, 192],
  middleBlocks: 3,
  middleConvs: 2,
  exitFilters: [192, 256],
  exitStride: 1,
  finalFilters: [384],
  preActivation: true,
  kernelInitializer: 'heNormal',
};

/** As `slim`, with a quarter of a million parameters. */
const slimmer: XceptionConfig = {
  ...slim,
  entryFilters: [64, 128],
  middleBlocks: 2,
  exitFilters: [128, 192],
  finalFilters: [256],
};

/**
 * Configurations with a name; each states only what differs from the default.
 *
 * @example xception({ ...xceptionVariants.slim, seed: 1 });
 */
export const xceptionVariants = { keras, paper, reference, cifar, slim, slimmer };
