import type { XceptionConfig } from './config';

/** The network of the paper, as Keras builds it. */
const keras: XceptionConfig = {};

/** A PyTorch reproduction of 2020, which applies one middle block eight times: 9,529,610 parameters train. */
const reference: XceptionConfig = { middleFlow: 'shared' };

/**
 * About half a million parameters for 32 × 32 images and short runs.
 *
 * The second convolution of the stem takes the resolution down at once, since a separable convolution at
 * 32 × 32 costs far more time than its arithmetic; the middle flow then works on 4 × 4.
 */
const slim: XceptionConfig = {
  inputShape: [32, 32, 3],
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

/**
 * Configurations with a name; each states only what differs from the default.
 *
 * @example xception({ ...xceptionVariants.slim, classes: 10, seed: 1 });
 */
export const xceptionVariants = { keras, reference, slim };
