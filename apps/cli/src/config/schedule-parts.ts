import { z } from 'zod';

/** What schedules of the learning rate and of other numbers have in common. */

const units = { epochs: z.number().gt(0), steps: z.int().min(1), samples: z.int().min(1) };

/** An object that holds exactly one of its keys. */
function oneOf<Shape extends z.core.$ZodShape>(shape: Shape) {
  const names = Object.keys(shape).map((name) => `\`${name}\``);
  return z
    .strictObject(shape)
    .partial()
    .refine((unit) => Object.values(unit).filter((value) => value !== undefined).length === 1, {
      message: `must hold exactly one of ${names.join(', ')}`,
    });
}

/** A span of training. */
export const span = oneOf(units);

/** How long a part of a sequence lasts; the last one has the rest of the run. */
export const duration = oneOf({ ...units, share: z.number().gt(0).lt(1) }).optional();

/** Points of a run, rising. */
export const milestones = oneOf({
  epochs: z.array(units.epochs).min(1),
  steps: z.array(units.steps).min(1),
  samples: z.array(units.samples).min(1),
});

export const factor = z.number().gt(0).max(1);

/** When `plateau` reduces; the defaults are PyTorch's. */
export const plateauKeys = {
  factor: z.number().gt(0).lt(1).default(0.1),
  /** Epochs without a better figure that are borne. */
  patience: z.int().min(0).default(10),
  metric: z.enum(['validationLoss', 'validationAccuracy', 'loss', 'accuracy']).default('validationLoss'),
  /** Share of the best figure by which a better one must differ. */
  threshold: z.number().min(0).lt(1).default(1e-4),
  /** Epochs after a reduction that do not count. */
  cooldown: z.int().min(0).default(0),
};
