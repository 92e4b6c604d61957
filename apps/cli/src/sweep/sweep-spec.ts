import { z } from 'zod';
import { explainIssue } from '../config/explain-issue';
import { readJsonc } from '../config/read-jsonc';
import { UserError } from '../errors';

const values = z.array(z.unknown()).min(1);

const range = z
  .strictObject({
    min: z.number(),
    max: z.number(),
    /** Equal chances for equal ratios, rather than for equal differences. */
    log: z.boolean().default(false),
    integer: z.boolean().default(false),
  })
  .refine(({ min, max }) => min < max, 'must have `min` below `max`')
  .refine(({ min, log }) => !log || min > 0, 'must have `min` above 0 where `log` is true');

const sweepSchema = z
  .strictObject({
    $schema: z.string().optional(),
    /** Where every run starts from. */
    preset: z.string().default('quickstart'),
    /** What every run changes of it. */
    config: z.record(z.string(), z.unknown()).default({}),
    /** Every combination of the values of these keys, by dotted keys. */
    grid: z.record(z.string(), values).optional(),
    /** Values drawn at random, from lists or from ranges. */
    random: z
      .strictObject({
        runs: z.int().min(1),
        seed: z.int().min(0).default(0),
        space: z.record(z.string(), z.union([values, range])),
      })
      .optional(),
  })
  .refine(({ grid, random }) => (grid === undefined) !== (random === undefined), {
    message: 'must have either `grid` or `random`',
  });

/** What a sweep tries. */
export type SweepSpec = z.output<typeof sweepSchema>;
export type Range = z.output<typeof range>;

/** @throws UserError where the file cannot be read or is no sweep. */
export function readSweep(path: string, shown: string): SweepSpec {
  const value = readJsonc('sweep', path, shown);
  const result = sweepSchema.safeParse(value);
  if (result.success) return result.data;
  const reasons = result.error.issues.map((issue) => `sweep: ${explainIssue(issue, value, 'the file')}`);
  throw new UserError(reasons.join('\n'));
}
