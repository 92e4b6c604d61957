import { z } from 'zod';

const count = z.int().min(1);
const pair = z.tuple([count, count]);
const counts = z.array(count).min(1);

const initializer = z.enum([
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'lecunUniform',
  'lecunNormal',
  'torch',
]);

/**
 * The network, as `@xcp/xception` takes it; input shape and classes follow from the data.
 *
 * A key that is left out takes that package's default: the network of the paper.
 */
export const modelSection = z.strictObject({
  /** Keras's stem (stride 2), one that keeps 32×32 maps, or one of your own. */
  stem: z
    .union([
      z.enum(['imagenet', 'cifar']),
      z.strictObject({
        filters: pair,
        strides: pair,
        padding: z.enum(['same', 'valid']),
      }),
    ])
    .optional(),
  entryFilters: counts.optional(),
  entryStrides: counts.optional(),
  middleBlocks: z.int().min(0).optional(),
  middleConvs: count.optional(),
  /**
   * Weights of their own for every middle block (the paper), or one block applied again and again, with one set of
   * batch statistics or with one for each application.
   */
  middleFlow: z.enum(['distinct', 'shared', 'shared-with-own-statistics']).default('distinct'),
  exitFilters: pair.optional(),
  exitStride: count.optional(),
  finalFilters: counts.optional(),
  /** How strided windows lie on the map: as Keras pads, or as PyTorch does. */
  padding: z.enum(['keras', 'torch']).optional(),
  /** Multiplies every filter count. */
  width: z.number().gt(0).optional(),
  /** A ReLU before every separable convolution, instead of Keras's places. */
  preActivation: z.boolean().optional(),
  /** Share of the pooled features dropped before the last layer while training. */
  dropout: z.number().min(0).lt(1).optional(),
  /** The chance that a training step leaves out the last residual branch for an image; linear in depth. */
  dropPath: z.number().min(0).lt(1).optional(),
  /** Blocks whose activations are computed again instead of kept: all, or those of a list. */
  checkpointBlocks: z.union([z.boolean(), z.array(count)]).optional(),
  batchNormMomentum: z.number().min(0).lt(1).optional(),
  batchNormEpsilon: z.number().gt(0).optional(),
  /** Whether the moving variance takes a batch's without bias, as in PyTorch. */
  batchNormUnbiasedVariance: z.boolean().optional(),
  kernelInitializer: initializer.optional(),
  /** Of the two parts of separable convolutions, where they differ from `kernelInitializer`. */
  depthwiseInitializer: initializer.optional(),
  pointwiseInitializer: initializer.optional(),
  classifierInitializer: z.enum([...initializer.options, 'zeros']).optional(),
});
