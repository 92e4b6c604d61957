import { z } from 'zod';
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
  /** Passes over the training images. */
  epochs: z.int().min(1).default(20),
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
      /** Images per evaluation batch; `null` for the training batch, which is known to fit in memory. */
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
  checkpoints: z
    .strictObject({
      everyEpochs: z.int().min(1).default(1),
    })
    .prefault({}),
});

/** A complete run configuration: every default filled in. */
export type RunConfig = z.output<typeof runConfigSchema>;

/** What a preset or a user states: any part of a run configuration. */
export type RunConfigInput = z.input<typeof runConfigSchema>;
