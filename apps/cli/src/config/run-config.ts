import { z } from 'zod';
import { checkpointsSection } from './checkpoints-section';
import { dataSection } from './data-section';
import { modelSection } from './model-section';
import { optimizerSection } from './optimizer-section';
import { scheduleSection } from './schedule-section';
import { valueScheduleSection } from './value-schedule-section';

/** Everything that decides what a run computes. Unknown keys are errors; every key has a default. */
export const runConfigSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .default('run')
    .describe("Names the run's default folder; a preset sets it to its own name."),
  data: dataSection.prefault({}),
  batchSize: z.int().min(1).default(128).describe('Images per training step.'),
  model: modelSection.prefault({}),
  epochs: z
    .int()
    .min(1)
    .nullable()
    .default(20)
    .describe('Passes over the training images, unless `steps` is given.'),
  steps: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('Training steps, in place of `epochs`, which is `null` then.'),
  maxSteps: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('Stops after this many steps in all, even within an epoch; `null` for no such limit.'),
  optimizer: optimizerSection.prefault({ name: 'sgd' }),
  schedule: scheduleSection.prefault({ name: 'stepDecay' }),
  batchScaling: z
    .strictObject({
      batchSize: z.int().min(1).describe('The batch that the learning rates of `schedule` are meant for.'),
      rule: z
        .enum(['linear', 'sqrt'])
        .default('linear')
        .describe('By how much they grow with the batch: as it does, or as its root.'),
      warmupEpochs: z
        .number()
        .min(0)
        .default(0)
        .describe('Passes over the training images in which they grow to it, in a straight line.'),
    })
    .nullable()
    .default(null)
    .describe('Scales the learning rates to `batchSize`, as on many ranks; `null` leaves them as they are.'),
  momentumSchedule: valueScheduleSection(z.number().min(0).lt(1)).describe(
    "SGD's momentum, or Adam's beta1, in place of the optimizer's own.",
  ),
  weightDecaySchedule: valueScheduleSection(z.number().min(0)).describe(
    'What the weight decay of every weight is multiplied by.',
  ),
  labelSmoothing: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('Share of the target spread evenly over all classes.'),
  syncBatchNorm: z
    .boolean()
    .default(false)
    .describe(
      'Where several ranks share a batch (`mpirun`): whether batch norm takes the statistics of all of it, as one process would.',
    ),
  checksumEverySteps: z
    .int()
    .min(1)
    .nullable()
    .default(250)
    .describe(
      'Steps between two comparisons of the weights of all ranks; `null` for those of checkpoints alone.',
    ),
  microBatchSize: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'Images whose gradients are computed at a time and summed to one update; `null` for the whole batch.',
    ),
  clipNorm: z
    .number()
    .gt(0)
    .nullable()
    .default(null)
    .describe('The most that the norm of all gradients together may be; `null` for no bound.'),
  clipValue: z
    .number()
    .gt(0)
    .nullable()
    .default(null)
    .describe('The most that each value of a gradient may be, in place of `clipNorm`; `null` for no bound.'),
  onDivergence: z
    .union([
      z.literal('stop'),
      z.strictObject({
        rollback: z.int().min(1).describe('How often at most, over the whole run.'),
        factor: z.number().gt(0).lt(1).default(0.5).describe('Multiplies the learning rate each time.'),
      }),
    ])
    .default('stop')
    .describe(
      'Where a loss or weight is no longer finite: stop, or go back to the last checkpoint with a lower learning rate.',
    ),
  ema: z
    .strictObject({
      decay: z
        .number()
        .min(0)
        .lt(1)
        .default(0.999)
        .describe('The share that stays in a step; 0.999 looks back over a thousand steps.'),
      warmup: z
        .boolean()
        .default(true)
        .describe('Follows faster at first, so that the initial weights soon weigh nothing.'),
      everySteps: z.int().min(1).default(1).describe('Steps between two updates.'),
    })
    .nullable()
    .default(null)
    .describe('An average of the weights, validated beside them; the run ends with the better of the two.'),
  seed: z
    .int()
    .min(0)
    .max(0xffffffff)
    .default(0)
    .describe('Decides the split, the initial weights, the order of the images and their augmentation.'),
  earlyStopping: z
    .strictObject({
      metric: z
        .enum(['validationLoss', 'validationAccuracy', 'emaLoss', 'emaAccuracy', 'loss', 'accuracy'])
        .default('validationLoss')
        .describe('The figure that must get better.'),
      patience: z.int().min(1).default(10).describe('Epochs without a better figure after which it ends.'),
      minDelta: z.number().min(0).default(0).describe('By how much a better figure must differ.'),
    })
    .nullable()
    .default(null)
    .describe('Ends the run when a figure has stopped getting better.'),
  evaluation: z
    .strictObject({
      test: z
        .boolean()
        .default(true)
        .describe(
          'Whether a run ends with its test accuracy; `false` leaves the test images alone, as in a search that validation decides.',
        ),
      mirror: z.boolean().default(false).describe('Averages the logits of an image and of its mirror image.'),
      shift: z
        .int()
        .min(0)
        .default(0)
        .describe('Averages over the image moved by so many pixels in four directions as well; 0 for none.'),
      batchSize: z
        .int()
        .min(1)
        .nullable()
        .default(null)
        .describe(
          'Images per evaluation batch; `null` for the training batch or micro-batch, which is known to fit in memory.',
        ),
    })
    .prefault({})
    .describe('How the trained network is evaluated.'),
  logging: z
    .strictObject({
      everySteps: z
        .int()
        .min(1)
        .default(250)
        .describe('Steps between two lines of `metrics.jsonl` (and of a log that is not a terminal).'),
      csv: z.boolean().default(false).describe('Writes the epochs to `epochs.csv` too.'),
      tensorBoard: z.boolean().default(true).describe("Writes events for TensorBoard into the run's folder."),
    })
    .prefault({})
    .describe('What a run writes down as it goes on.'),
  checkpoints: checkpointsSection.prefault({}),
});

/** A complete run configuration: every default filled in. */
export type RunConfig = z.output<typeof runConfigSchema>;

/** What a preset or a user states: any part of a run configuration. */
export type RunConfigInput = z.input<typeof runConfigSchema>;
