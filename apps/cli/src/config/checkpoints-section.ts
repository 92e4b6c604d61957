import { z } from 'zod';

const positive = z.int().min(1);

export const checkpointsSection = z
  .strictObject({
    everyEpochs: positive
      .nullable()
      .default(1)
      .describe(
        'Epochs between two checkpoints; `null` for none by epochs. The best and the last are saved in any case.',
      ),
    everySteps: positive
      .nullable()
      .default(null)
      .describe('Steps between two checkpoints, within an epoch too.'),
    everyMinutes: z.number().positive().nullable().default(null).describe('Minutes between two checkpoints.'),
    bestMetric: z
      .enum(['validationAccuracy', 'validationLoss', 'emaAccuracy', 'emaLoss', 'accuracy', 'loss'])
      .nullable()
      .default(null)
      .describe(
        'What the best epoch is judged by; `null` for the validation accuracy, that of the averages where there are any.',
      ),
    keepLast: positive
      .default(2)
      .describe('How many of the newest stay: one to go on from, one to fall back on.'),
    keepEvery: z
      .union([
        z.strictObject({ steps: positive.describe('Those at a multiple of so many steps.') }),
        z.strictObject({ epochs: positive.describe('Those at a multiple of so many epochs.') }),
      ])
      .nullable()
      .default(null)
      .describe('Which others stay for good: those at a multiple of so many steps or epochs.'),
  })
  .describe('When checkpoints are written, which epoch is the best, and which checkpoints stay.');
