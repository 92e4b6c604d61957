import { z } from 'zod';
import { augmentKeys } from './augment-keys';

const triple = z.tuple([z.number(), z.number(), z.number()]);
const positiveTriple = z.tuple([z.number().gt(0), z.number().gt(0), z.number().gt(0)]);

export const dataSection = z
  .strictObject({
    validationShare: z
      .number()
      .min(0)
      .lt(1)
      .default(0.1)
      .describe(
        'Share of the 50,000 training images held out for validation; 10 % as in the reference experiments.',
      ),
    size: z
      .int()
      .min(1)
      .default(32)
      .describe(
        "Side of the square network input in pixels; other sizes than CIFAR's 32 are resized bilinearly.",
      ),
    progressive: z
      .array(
        z.strictObject({
          until: z.number().gt(0).max(1).describe('Where it ends: a share of the steps of the run.'),
          size: z.int().min(1).describe('Side of the training images in pixels.'),
        }),
      )
      .default([])
      .describe(
        'Other sizes for the training images of the first steps, one stretch behind the other; the rest of the run, and every evaluation, is at `size`.',
      ),
    flip: z
      .enum(['none', 'random', 'alternating'])
      .default('none')
      .describe(
        'Horizontal mirror: none, a coin per image and epoch, or a coin per image that turns every epoch.',
      ),
    crop: z
      .strictObject({
        padding: z
          .int()
          .min(1)
          .default(4)
          .describe('Pixels added on each side before a window of the original size is cut out.'),
        mode: z
          .enum(['zero', 'reflect'])
          .default('zero')
          .describe("Zeros (black) as in PyTorch's `RandomCrop`, or the image mirrored at its border."),
      })
      .nullable()
      .default(null)
      .describe('Pad-and-random-crop of the 32×32 image; `null` for none, as in the reference experiments.'),
    ...augmentKeys,
    normalize: z
      .strictObject({
        mean: triple.default([0.4914, 0.4822, 0.4465]).describe('Of each channel, for values from 0 to 1.'),
        std: positiveTriple.default([0.247, 0.2435, 0.2616]).describe('Standard deviation of each channel.'),
      })
      .prefault({})
      .describe(
        "Per channel (red, green, blue): value / 255 − mean, then divided by std. CIFAR-10's own statistics.",
      ),
  })
  .describe('How images are split, resized, varied and normalized before they reach the network.');
