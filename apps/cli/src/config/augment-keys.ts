import { z } from 'zod';

/** A change of the training images that does not take place unless it is stated. */
const optional = <T extends z.ZodType>(section: T) => section.nullable().default(null as never);

const alpha = z.strictObject({
  alpha: z.number().gt(0).default(1).describe('Shares are drawn from Beta(alpha, alpha); 1 draws all alike.'),
});

/** How training images vary besides `flip` and `crop`, as `@xcp/cifar10` takes it; `null` for each that does not. */
export const augmentKeys = {
  translate: optional(
    z.strictObject({
      horizontal: z.int().min(0).default(2).describe('Pixels to the left or right at most.'),
      vertical: z.int().min(0).default(2).describe('Pixels up or down at most.'),
      mode: z
        .enum(['zero', 'reflect'])
        .default('reflect')
        .describe('Zeros (black), or the image mirrored at its border.'),
    }),
  ).describe('Moves with a range for each direction, in place of `crop`.'),
  randAugment: optional(
    z.strictObject({
      operations: z.int().min(0).max(64).default(2).describe('Changes of each image.'),
      magnitude: z.int().min(0).max(30).default(9).describe('How strong each change is.'),
    }),
  ).describe("Changes drawn from fourteen; torchvision's defaults."),
  colorJitter: optional(
    z.strictObject({
      brightness: z.number().min(0).default(0).describe('Factors from 1 − this to 1 + this; 0 for none.'),
      contrast: z.number().min(0).default(0).describe('Factors from 1 − this to 1 + this; 0 for none.'),
      saturation: z.number().min(0).default(0).describe('Factors from 1 − this to 1 + this; 0 for none.'),
      hue: z
        .number()
        .min(0)
        .max(0.5)
        .default(0)
        .describe('Share of a full circle by which the hue is turned at most.'),
    }),
  ).describe('By how much colours vary at most.'),
  cutout: optional(
    z.strictObject({ size: z.int().min(1).default(16).describe('Side of the square in pixels.') }),
  ).describe(
    'A square that is covered with the mean, its side in pixels; half of the image as in the usual recipes for 32×32.',
  ),
  cutmix: optional(alpha).describe('Boxes of other images.'),
  mixup: optional(alpha).describe('Blends with other images.'),
};
