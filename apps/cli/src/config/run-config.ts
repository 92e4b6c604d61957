import { z } from 'zod';
import { checkpointsSection } from './checkpoints-section';
import { dataSection } from './data-section';
import { modelSection } from './model-section';
import { optimizerSection } from './optimizer-section';
import { scheduleSection } from './schedule-section';
import { valueScheduleSection } from './value-schedule-section';

/** Everything that decides what a run computes. Unknown keys are errors; every key has a default. */
export const runConfigSchema = z.strictObject({
  /** Names the run's default folder; a preset sets it to its own name. */
  name: z.string().min(1).default('run'),
  data: dataSection.prefault({}),
  /** Images per training step. */
  batchSize: z.int().min(1).default(128),
  model: modelSection.prefault({}),
  /** Passes over the training images, unless `steps` is given. */
  epochs: z.int().min(1).nullable().default(20),
  /** Training steps, in place of `epochs`, which is `null` then. */
  steps: z.int().min(1).nullable().default(null),
  /** Stops after this many steps in all, even within an epoch; `null` for no such limit. */
  maxSteps: z.int().min(1).nullable().default(null),
  optimizer: optimizerSection.prefault({ name: 'sgd' }),
  schedule: scheduleSection.prefault({ name: 'stepDecay' }),
  /** SGD's momentum, or Adam's beta1, in place of the optimizer's own. */
  momentumSchedule: valueScheduleSection(z.number().min(0).lt(1)),
  /** What the weight decay of every weight is multiplied by. */
  weightDecaySchedule: valueScheduleSection(z.number().min(0)),
  /** Share of the target spread evenly over all classes. */
  labelSmoothing: z.number().min(0).lt(1).default(0),
  /** Images whose gradients are computed at a time and summed to one update; `null` for the whole batch. */
  microBatchSize: z.int().min(1).nullable().default(null),
  /** The most that the norm of all gradients together may be; `null` for no bound. */
  clipNorm: z.number().gt(0).nullable().default(null),
  /** The most that each value of a gradient may be, in place of `clipNorm`; `null` for no bound. */
  clipValue: z.number().gt(0).nullable().default(null),
  /** Where a loss or weight is no longer finite: stop, or go back to the last checkpoint with a lower learning rate. */
  onDivergence: z
    .union([
      z.literal('stop'),
      z.strictObject({
        /** How often at most, over the whole run. */
        rollback: z.int().min(1),
        /** Multiplies the learning rate each time. */
        factor: z.number().gt(0).lt(1).default(0.5),
      }),
    ])
    .default('stop'),
  /** Decides the split, the initial weights, the order of the images and their augmentation. */
  seed: z.int().min(0).max(0xffffffff).default(0),
  evaluation: z
    .strictObject({
      /** Averages the logits of an image and of its mirror image. */
      mirror: z.boolean().default(false),
      /** Averages over the image moved by so many pixels in four directions as well; 0 for none. */
      shift: z.int().min(0).default(0),
      /** Images per evaluation batch; `null` for the training batch or micro-batch, which is known to fit in memory. */
      batchSize: z.int().min(1).nullable().default(null),
    })
    .prefault({}),
  logging: z
    .strictObject({
      /** Steps between two lines of `metrics.jsonl` (and of a log that is not a terminal). */
      everySteps: z.int().min(1).default(250),
    })
    .prefault({}),
  checkpoints: checkpointsSection.prefault({}),
});

/** A complete run configuration: every default filled in. */
export type RunConfig = z.output<typeof runConfigSchema>;

/** What a preset or a user states: any part of a run configuration. */
export type RunConfigInput = z.input<typeof runConfigSchema>;
