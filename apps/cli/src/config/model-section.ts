import { z } from 'zod';

const count = z.int().min(1);
const pair = z.tuple([count, count]);
const counts = z.array(count).min(1);

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
  /** Weights of their own for every middle block (the paper), or one block applied again and again. */
  middleFlow: z.enum(['distinct', 'shared']).default('distinct'),
  exitFilters: pair.optional(),
  exitStride: count.optional(),
  finalFilters: counts.optional(),
  /** Multiplies every filter count. */
  width: z.number().gt(0).optional(),
  /** A ReLU before every separable convolution, instead of Keras's places. */
  preActivation: z.boolean().optional(),
  /** Share of the pooled features dropped before the last layer while training. */
  dropout: z.number().min(0).lt(1).optional(),
  batchNormMomentum: z.number().min(0).lt(1).optional(),
  batchNormEpsilon: z.number().gt(0).optional(),
  kernelInitializer: z.enum(['glorotUniform', 'heNormal']).optional(),
});
