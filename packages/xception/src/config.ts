/** The two 3×3 convolutions before the first block. */
export interface StemConfig {
  filters: [number, number];
  strides: [number, number];
  padding: 'same' | 'valid';
}

/**
 * What makes one Xception differ from another: plain data, so that it can be written down and read back.
 *
 * Every key may be left out; the default is the network of the paper as Keras builds it.
 */
export interface XceptionConfig {
  /** [height, width, channels] of an image, in pixels. Default [299, 299, 3]. */
  inputShape?: [number, number, number];
  /** Default 1000, those of ImageNet. */
  classes?: number;
  /**
   * Default `'imagenet'`: 32 and 64 filters, strides 2 and 1, `'valid'`. `'cifar'` keeps the resolution of
   * small images instead: strides 1 and 1, `'same'`, and no pool in the last entry block.
   */
  stem?: 'imagenet' | 'cifar' | StemConfig;
  /** One entry block for each. Default [128, 256, 728]. */
  entryFilters?: number[];
  /** Of each entry block; 1 means no pool. Default 2 for each, with the `'cifar'` stem 1 for the last. */
  entryStrides?: number[];
  /** Default 8. */
  middleBlocks?: number;
  /** Separable convolutions in each middle block. Default 3. */
  middleConvs?: number;
  /**
   * Default `'distinct'`, weights of its own for each middle block. `'shared'` applies one block
   * `middleBlocks` times, with the same weights and the same batch statistics.
   */
  middleFlow?: 'distinct' | 'shared';
  /** Of the two convolutions of the exit block. Default [728, 1024]. */
  exitFilters?: [number, number];
  /** Of the exit block; 1 means no pool. Default 2. */
  exitStride?: number;
  /** One separable convolution behind the exit block for each. Default [1536, 2048]. */
  finalFilters?: number[];
  /** Multiplies every number of filters, rounded to a multiple of 8. Default 1, which rounds nothing. */
  width?: number;
  /**
   * Where the rectifiers stand around the first block and the final convolutions. Default false, as in
   * Keras: behind the stem, and behind each final convolution. True puts one before every separable
   * convolution, so that block 2's shortcut reads what the stem's batch normalization gives.
   */
  preActivation?: boolean;
  /** The part of the features dropped before the classifier in training. Default 0; the paper has 0.5. */
  dropout?: number;
  /** How much of the moving statistics a step keeps. Default 0.99; use less for short runs. */
  batchNormMomentum?: number;
  /** Default 1e-3, which the Keras weights need; the PyTorch ones need 1e-5. */
  batchNormEpsilon?: number;
  /**
   * Default `'glorotUniform'`, as in Keras. `'heNormal'` suits small networks trained briefly; it counts
   * the outputs of a 1×1 kernel and, of the others, the inputs of one output.
   */
  kernelInitializer?: 'glorotUniform' | 'heNormal';
  /** Default `'linear'`: the model gives logits. `'softmax'` gives probabilities. */
  classifierActivation?: 'linear' | 'softmax';
  /** The initial weights and the dropout are a pure function of it and of a layer's name. Default 0. */
  seed?: number;
}

/** A configuration with nothing left out. */
export type ResolvedXceptionConfig = Required<XceptionConfig> & { stem: StemConfig };

export const stems: Record<'imagenet' | 'cifar', StemConfig> = {
  imagenet: { filters: [32, 64], strides: [2, 1], padding: 'valid' },
  cifar: { filters: [32, 64], strides: [1, 1], padding: 'same' },
};

/** All but `stem` and `entryStrides`, whose defaults follow from other keys. */
export const defaults = {
  inputShape: [299, 299, 3],
  classes: 1000,
  entryFilters: [128, 256, 728],
  middleBlocks: 8,
  middleConvs: 3,
  middleFlow: 'distinct',
  exitFilters: [728, 1024],
  exitStride: 2,
  finalFilters: [1536, 2048],
  width: 1,
  preActivation: false,
  dropout: 0,
  batchNormMomentum: 0.99,
  batchNormEpsilon: 1e-3,
  kernelInitializer: 'glorotUniform',
  classifierActivation: 'linear',
  seed: 0,
} satisfies XceptionConfig;
