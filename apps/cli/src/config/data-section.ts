import { z } from 'zod';
import { augmentKeys } from './augment-keys';

const triple = z.tuple([z.number(), z.number(), z.number()]);
const positiveTriple = z.tuple([z.number().gt(0), z.number().gt(0), z.number().gt(0)]);

/** How images are split, resized, varied and normalized before they reach the network. */
export const dataSection = z.strictObject({
  /** Share of the 50,000 training images held out for validation; 10 % as in the reference experiments. */
  validationShare: z.number().min(0).lt(1).default(0.1),
  /** Side of the square network input in pixels; other sizes than CIFAR's 32 are resized bilinearly. */
  size: z.int().min(1).default(32),
  /** Horizontal mirror: none, a coin per image and epoch, or a coin per image that turns every epoch. */
  flip: z.enum(['none', 'random', 'alternating']).default('none'),
  /** Pad-and-random-crop of the 32×32 image; `null` for none, as in the reference experiments. */
  crop: z
    .strictObject({
      /** Pixels added on each side before a window of the original size is cut out. */
      padding: z.int().min(1).default(4),
      /** Zeros (black) as in PyTorch's `RandomCrop`, or the image mirrored at its border. */
      mode: z.enum(['zero', 'reflect']).default('zero'),
    })
    .nullable()
    .default(null),
  ...augmentKeys,
  /** Per channel (red, green, blue): value / 255 − mean, then divided by std. CIFAR-10's own statistics. */
  normalize: z
    .strictObject({
      mean: triple.default([0.4914, 0.4822, 0.4465]),
      std: positiveTriple.default([0.247, 0.2435, 0.2616]),
    })
    .prefault({}),
});
