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

const kernelInitializer = z.enum([...initializer.options, 'identity']);

export const modelSection = z
  .strictObject({
    stem: z
      .union([
        z.enum(['imagenet', 'cifar']),
        z.strictObject({
          filters: pair.describe('Of each of the two convolutions before the first block.'),
          strides: pair.describe('Of each of the two convolutions.'),
          padding: z.enum(['same', 'valid']).describe('Whether the border is padded or lost.'),
          kernelSizes: pair.default([3, 3]).describe('Sides of the two windows in pixels.'),
          whiten: z
            .boolean()
            .default(false)
            .describe(
              'Whether the first convolution is made of the patches of 2,000 training images, so that it whitens them, and never trains; it has no batch norm.',
            ),
          bias: z
            .boolean()
            .default(false)
            .describe('Whether a whitened convolution has a bias, which trains.'),
        }),
      ])
      .optional()
      .describe("Keras's stem (stride 2), one that keeps 32×32 maps, or one of your own."),
    entryFilters: counts.optional().describe('One entry block for each; [128, 256, 728] in the paper.'),
    entryStrides: counts
      .optional()
      .describe('Of each entry block; 1 means no pool. 2 for each in the paper.'),
    middleBlocks: z.int().min(0).optional().describe('Blocks of the middle flow; 8 in the paper.'),
    middleConvs: count.optional().describe('Separable convolutions in each middle block; 3 in the paper.'),
    middleFlow: z
      .enum(['distinct', 'shared', 'shared-with-own-statistics'])
      .default('distinct')
      .describe(
        'Weights of their own for every middle block (the paper), or one block applied again and again, with one set of batch statistics or with one for each application.',
      ),
    exitFilters: pair
      .optional()
      .describe('Of the two convolutions of the exit block; [728, 1024] in the paper.'),
    exitStride: count.optional().describe('Of the exit block; 1 means no pool. 2 in the paper.'),
    finalFilters: counts
      .optional()
      .describe('One separable convolution behind the exit block for each; [1536, 2048] in the paper.'),
    padding: z
      .enum(['keras', 'torch'])
      .optional()
      .describe('How strided windows lie on the map: as Keras pads, or as PyTorch does.'),
    width: z.number().gt(0).optional().describe('Multiplies every filter count.'),
    preActivation: z
      .boolean()
      .optional()
      .describe("A ReLU before every separable convolution, instead of Keras's places."),
    dropout: z
      .number()
      .min(0)
      .lt(1)
      .optional()
      .describe('Share of the pooled features dropped before the last layer while training.'),
    dropPath: z
      .number()
      .min(0)
      .lt(1)
      .optional()
      .describe(
        'The chance that a training step leaves out the last residual branch for an image; linear in depth.',
      ),
    checkpointBlocks: z
      .union([z.boolean(), z.array(count)])
      .optional()
      .describe('Blocks whose activations are computed again instead of kept: all, or those of a list.'),
    batchNormMomentum: z
      .number()
      .min(0)
      .lt(1)
      .optional()
      .describe('How much of the moving statistics a step keeps; 0.99 as in Keras. Less suits short runs.'),
    batchNormEpsilon: z.number().gt(0).optional().describe('Added to the variance; 0.001 as in Keras.'),
    batchNormUnbiasedVariance: z
      .boolean()
      .optional()
      .describe("Whether the moving variance takes a batch's without bias, as in PyTorch."),
    kernelInitializer: kernelInitializer
      .optional()
      .describe(
        'Of all kernels but that of the classifier; glorotUniform as in Keras. `identity` hands channels on.',
      ),
    depthwiseInitializer: kernelInitializer
      .optional()
      .describe('Of the depthwise kernels, where they differ from `kernelInitializer`.'),
    pointwiseInitializer: kernelInitializer
      .optional()
      .describe(
        'Of the 1×1 kernels, those of the shortcuts too, where they differ from `kernelInitializer`.',
      ),
    residualGammaInitializer: z
      .enum(['ones', 'zeros'])
      .optional()
      .describe(
        'Of gamma in the last batch norm of each residual branch; with zeros every block starts as its shortcut.',
      ),
    classifierInitializer: z
      .enum([...initializer.options, 'zeros'])
      .optional()
      .describe(
        'Of the kernel of the classifier; glorotUniform as in Keras. With zeros all classes start equal.',
      ),
  })
  .describe(
    "The network, as `@xcp/xception` takes it; input shape and classes follow from the data. A key that is left out takes that package's default: the network of the paper.",
  );
