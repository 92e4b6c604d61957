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
  /** An average of the weights, validated beside them; the run ends with the better of the two. */
  ema: z
    .strictObject({
      /** The share that stays in a step; 0.999 looks back over a thousand steps. */
      decay: z.number().min(0).lt(1).default(0.999),
      /** Follows faster at first, so that the initial weights soon weigh nothing. */
      warmup: z.boolean().default(true),
      /** Steps between two updates. */
      everySteps: z.int().min(1).default(1),
    })
    .nullable()
    .default(null),
  /** Decides the split, the initial weights, the order of the images and their augmentation. */
  seed: z.int().min(0).max(0xffffffff).default(0),
  /** Ends the run when a figure has stopped getting better. */
  earlyStopping: z
    .strictObject({
      metric: z
        .enum(['validationLoss', 'validationAccuracy', 'emaLoss', 'emaAccuracy', 'loss', 'accuracy'])
        .default('validationLoss'),
      /** Epochs without a better figure after which it ends. */
      patience: z.int().min(1).default(10),
      /** By how much a better figure must differ. */
      minDelta: z.number().min(0).default(0),
    })
    .nullable()
    .default(null),
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
      /** Writes the epochs to `epochs.csv` too. */
      csv: z.boolean().default(false),
      /** Writes events for TensorBoard into the run's folder. */
      tensorBoard: z.boolean().default(true),
    })
    .prefault({}),
  checkpoints: checkpointsSection.prefault({}),
});

/** A complete run configuration: every default filled in. */
export type RunConfig = z.output<typeof runConfigSchema>;

/** What a preset or a user states: any part of a run configuration. */
export type RunConfigInput = z.input<typeof runConfigSchema>;
