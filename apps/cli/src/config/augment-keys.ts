import { z } from 'zod';

/** A change of the training images that does not take place unless it is stated. */
const optional = <T extends z.ZodType>(section: T) => section.nullable().default(null as never);

const alpha = z.strictObject({
  /** Shares are drawn from Beta(alpha, alpha); 1 draws all alike. */
  alpha: z.number().gt(0).default(1),
});

/** How training images vary besides `flip` and `crop`, as `@xcp/cifar10` takes it; `null` for each that does not. */
export const augmentKeys = {
  /** Moves with a range for each direction, in place of `crop`. */
  translate: optional(
    z.strictObject({
      horizontal: z.int().min(0).default(2),
      vertical: z.int().min(0).default(2),
      mode: z.enum(['zero', 'reflect']).default('reflect'),
    }),
  ),
  /** Changes drawn from fourteen; torchvision's defaults. */
  randAugment: optional(
    z.strictObject({
      operations: z.int().min(0).max(64).default(2),
      magnitude: z.int().min(0).max(30).default(9),
    }),
  ),
  /** By how much colours vary at most. */
  colorJitter: optional(
    z.strictObject({
      brightness: z.number().min(0).default(0),
      contrast: z.number().min(0).default(0),
      saturation: z.number().min(0).default(0),
      hue: z.number().min(0).max(0.5).default(0),
    }),
  ),
  /** A square that is covered with the mean, its side in pixels; half of the image as in the usual recipes for 32×32. */
  cutout: optional(z.strictObject({ size: z.int().min(1).default(16) })),
  /** Boxes of other images. */
  cutmix: optional(alpha),
  /** Blends with other images. */
  mixup: optional(alpha),
};
