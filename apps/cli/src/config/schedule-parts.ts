import { z } from 'zod';

/** What schedules of the learning rate and of other numbers have in common. */

const units = {
  epochs: z.number().gt(0).describe('Passes over the training images, fractions allowed.'),
  steps: z.int().min(1).describe('Training steps.'),
  samples: z.int().min(1).describe('Training images.'),
};

/** An object that holds exactly one of its keys. */
function oneOf<Shape extends z.core.$ZodShape>(shape: Shape) {
  const names = Object.keys(shape).map((name) => `\`${name}\``);
  return z
    .strictObject(shape)
    .partial()
    .refine((unit) => Object.values(unit).filter((value) => value !== undefined).length === 1, {
      message: `must hold exactly one of ${names.join(', ')}`,
    })
    .meta({ minProperties: 1, maxProperties: 1 });
}

export const span = oneOf(units).describe('A span of training.');

export const duration = oneOf({ ...units, share: z.number().gt(0).lt(1).describe('Share of the whole run.') })
  .optional()
  .describe('How long a part of a sequence lasts; the last one has the rest of the run.');

export const milestones = oneOf({
  epochs: z.array(units.epochs).min(1).describe('After so many passes over the training images.'),
  steps: z.array(units.steps).min(1).describe('After so many training steps.'),
  samples: z.array(units.samples).min(1).describe('After so many training images.'),
}).describe('Points of a run, rising.');

export const factor = z.number().gt(0).max(1).describe('What the value is multiplied by each time.');

/** When `plateau` reduces; the defaults are PyTorch's. */
export const plateauKeys = {
  factor: z.number().gt(0).lt(1).default(0.1).describe('What the value is multiplied by each time.'),
  patience: z.int().min(0).default(10).describe('Epochs without a better figure that are borne.'),
  metric: z
    .enum(['validationLoss', 'validationAccuracy', 'loss', 'accuracy'])
    .default('validationLoss')
    .describe('The figure that must get better.'),
  threshold: z
    .number()
    .min(0)
    .lt(1)
    .default(1e-4)
    .describe('Share of the best figure by which a better one must differ.'),
  cooldown: z.int().min(0).default(0).describe('Epochs after a reduction that do not count.'),
};
