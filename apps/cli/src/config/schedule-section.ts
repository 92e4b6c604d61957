import { z } from 'zod';

const every = z
  .strictObject({
    epochs: z.number().gt(0).optional(),
    steps: z.int().min(1).optional(),
    samples: z.int().min(1).optional(),
  })
  .refine((unit) => Object.values(unit).filter((value) => value !== undefined).length === 1, {
    message: 'must hold exactly one of `epochs`, `steps`, `samples`',
  });

/** The learning rate as a function of progress. */
export const scheduleSection = z.discriminatedUnion('name', [
  z.strictObject({
    name: z.literal('constant'),
    /** 0.001: Adam's default in PyTorch and Keras. */
    learningRate: z.number().gt(0).default(1e-3),
  }),
  z.strictObject({
    name: z.literal('stepDecay'),
    /** 0.045 × 0.94 every 2 epochs: the Xception paper's schedule for ImageNet. */
    learningRate: z.number().gt(0).default(0.045),
    factor: z.number().gt(0).max(1).default(0.94),
    every: every.default({ epochs: 2 }),
  }),
  z.strictObject({
    name: z.literal('oneCycle'),
    maxLearningRate: z.number().gt(0).default(1),
    initialLearningRate: z.number().min(0).default(0.1),
    finalLearningRate: z.number().min(0).default(0),
    /** Share of all steps on the way up to `maxLearningRate`. */
    warmup: z.number().min(0).max(1).default(0.25),
  }),
]);
