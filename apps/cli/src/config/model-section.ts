import { z } from 'zod';

const filters = z.array(z.int().min(1)).min(1);

/** The network, as `@xcp/xception` takes it; input shape and classes follow from the data. */
export const modelSection = z.strictObject({
  /** Keras's stem (stride 2), one that keeps 32×32 maps, or one of your own. */
  stem: z
    .union([
      z.enum(['imagenet', 'cifar']),
      z.strictObject({
        filters: z.tuple([z.int().min(1), z.int().min(1)]),
        strides: z.tuple([z.int().min(1), z.int().min(1)]),
        padding: z.enum(['same', 'valid']),
      }),
    ])
    .optional(),
  entryFilters: filters.optional(),
  entryStrides: z.array(z.int().min(1)).min(1).optional(),
  middleBlocks: z.int().min(0).optional(),
  middleConvs: z.int().min(1).optional(),
  /** Weights of their own for every middle block (the paper), or one block applied again and again. */
  middleFlow: z.enum(['distinct', 'shared']).default('distinct'),
  exitFilters: filters.optional(),
  exitStride: z.int().min(1).optional(),
  finalFilters: filters.optional(),
  /** Multiplies every filter count. */
  width: z.number().gt(0).optional(),
  /** Share of the pooled features dropped before the last layer while training. */
  dropout: z.number().min(0).lt(1).optional(),
  batchNormMomentum: z.number().min(0).lt(1).optional(),
  batchNormEpsilon: z.number().gt(0).optional(),
  kernelInitializer: z.enum(['glorotUniform', 'heNormal']).optional(),
});
