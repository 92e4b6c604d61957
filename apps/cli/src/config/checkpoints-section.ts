import { z } from 'zod';

const positive = z.int().min(1);

/** When checkpoints are written, which epoch is the best, and which checkpoints stay. */
export const checkpointsSection = z.strictObject({
  /** Epochs between two checkpoints; `null` for none by epochs. The best and the last are saved in any case. */
  everyEpochs: positive.nullable().default(1),
  /** Steps between two checkpoints, within an epoch too. */
  everySteps: positive.nullable().default(null),
  /** Minutes between two checkpoints. */
  everyMinutes: z.number().positive().nullable().default(null),
  /** What the best epoch is judged by; `null` for the validation accuracy, that of the averages where there are any. */
  bestMetric: z
    .enum(['validationAccuracy', 'validationLoss', 'emaAccuracy', 'emaLoss', 'accuracy', 'loss'])
    .nullable()
    .default(null),
  /** How many of the newest stay: one to go on from, one to fall back on. */
  keepLast: positive.default(2),
  /** Which others stay for good: those at a multiple of so many steps or epochs. */
  keepEvery: z
    .union([z.strictObject({ steps: positive }), z.strictObject({ epochs: positive })])
    .nullable()
    .default(null),
});
