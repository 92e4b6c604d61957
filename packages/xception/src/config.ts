import type { ClassifierActivation, KernelInitializerName, MiddleFlow } from './choices';

/** The two convolutions before the first block. */
export interface StemConfig {
  filters: [number, number];
  strides: [number, number];
  padding: 'same' | 'valid';
  /** The sides of their windows in pixels. Default [3, 3]. */
  kernelSizes?: [number, number];
  /**
   * Whether the first convolution keeps the kernel that `whitenStem` gives it: it never trains, and no batch
   * normalization is behind it. Its filters come in pairs, two for each number of a patch at most. Default false.
   */
  whiten?: boolean;
  /** Whether a whitened convolution has a bias, which does train. Default false. */
  bias?: boolean;
}

/**
 * What makes one Xception differ from another: plain data, so that it can be written down and read back.
 *
 * Every key may be left out; the default is the network of the paper as Keras builds it.
 */
export interface XceptionConfig {
  /** [height, width, channels] of an image, in pixels. Default [299, 299, 3]. */
  inputShape?: [number, number, number];
  /** Of the classifier. Default 1000, those of ImageNet. */
  classes?: number;
  /**
   * Whether pooling and classifier follow the features. Default true. Without them the model gives the last
   * feature map, and `classes`, `dropout`, `classifierActivation` and `classifierInitializer` concern nothing.
   */
  includeTop?: boolean;
  /**
   * Only for `includeTop: false`: `'avg'` or `'max'` gives one vector of features for an image. Default null,
   * the feature map itself.
   */
  pooling?: 'avg' | 'max' | null;
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
   * `middleBlocks` times, with the same weights and the same batch statistics;
   * `'shared-with-own-statistics'` shares the weights, while batch normalization keeps moving statistics for
   * each application, since each sees activations of another distribution.
   */
  middleFlow?: MiddleFlow;
  /** Of the two convolutions of the exit block. Default [728, 1024]. */
  exitFilters?: [number, number];
  /** Of the exit block; 1 means no pool. Default 2. */
  exitStride?: number;
  /** One separable convolution behind the exit block for each. Default [1536, 2048]. */
  finalFilters?: number[];
  /**
   * How windows of strides above 1 lie on the map. Default `'keras'`: `same` pads as little as the size
   * needs, the odd row behind. `'torch'` pads the same number on either side, as PyTorch does, which PyTorch's
   * weights need. It concerns the pools, and a stem of padding `'same'`; the sizes of the maps do not change.
   */
  padding?: 'keras' | 'torch';
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
  /**
   * Stochastic depth: the chance that a training step leaves out the last block's residual branch for an
   * image. It grows linearly with depth: of n blocks with a shortcut the k-th has k / n of it. Default 0.
   *
   * @see Huang et al., "Deep Networks with Stochastic Depth", equation 4
   */
  dropPath?: number;
  /**
   * Blocks with a shortcut whose activations are computed again in the backward pass instead of kept: true
   * for all, or a list of their numbers, such as [2, 3, 4] for the entry flow. Default false.
   */
  checkpointBlocks?: boolean | number[];
  /** How much of the moving statistics a step keeps. Default 0.99; use less for short runs. */
  batchNormMomentum?: number;
  /** Default 1e-3, which the Keras weights need; the PyTorch ones need 1e-5. */
  batchNormEpsilon?: number;
  /**
   * Whether the moving variance takes a batch's variance without bias, times n / (n − 1). Default false, as in
   * Keras; PyTorch does it. It matters to small batches of small images: at 71 pixels the last maps of two
   * images have n = 18 values.
   */
  batchNormUnbiasedVariance?: boolean;
  /**
   * Of all kernels but the classifier's. Default `'glorotUniform'`, as in Keras. `'heNormal'` suits small
   * networks trained briefly; the He ones count the outputs of a 1×1 kernel and, of the others, the inputs of
   * one output. The LeCun ones and `'torch'`, PyTorch's default for convolutions, count those inputs always.
   * `'identity'` hands its input on: of a depthwise kernel the tap in the middle is 1; of the others output i reads
   * input i alone, and outputs that have no such input are drawn as `'heNormal'`.
   */
  kernelInitializer?: KernelInitializerName;
  /**
   * Of `gamma` in the last batch normalization of each residual branch. Default `'ones'`. With `'zeros'` every block
   * starts as its shortcut alone.
   *
   * @see Goyal et al., "Accurate, Large Minibatch SGD", section 5.1
   */
  residualGammaInitializer?: 'ones' | 'zeros';
  /** Of the depthwise kernels. Default `kernelInitializer`. */
  depthwiseInitializer?: KernelInitializerName;
  /** Of the 1×1 kernels, those of the shortcuts too. Default `kernelInitializer`. */
  pointwiseInitializer?: KernelInitializerName;
  /** Of the classifier's kernel. Default `'glorotUniform'`; with `'zeros'` all classes start equal. */
  classifierInitializer?: Exclude<KernelInitializerName, 'identity'> | 'zeros';
  /** Default `'linear'`: the model gives logits. `'softmax'` and `'sigmoid'` give probabilities. */
  classifierActivation?: ClassifierActivation;
  /** The initial weights and the dropout are a pure function of it and of a layer's name. Default 0. */
  seed?: number;
}

/** A configuration with nothing left out. */
export type ResolvedXceptionConfig = Omit<Required<XceptionConfig>, 'stem'> & { stem: Required<StemConfig> };
