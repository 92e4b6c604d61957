import { existsSync, readFileSync } from 'node:fs';
import type { Diagnosis, Evaluation } from '@xcp/trainer';
import { z } from 'zod';
import { explainIssue } from '../config/explain-issue';
import { messageOf, UserError } from '../errors';
import { runPaths } from './paths';

/** What `result.json` holds: what a run came to. */
export interface RunResult {
  format: 1;
  stopped: 'completed' | 'maxSteps' | 'early';
  /** Why it was stopped early; else null. */
  reason: string | null;
  steps: number;
  epochs: number;
  /** Wall time of the training over all its sessions, validation and checkpoints included. */
  seconds: number;
  /** Speed of the last session's steps alone; `null` where it took none. */
  imagesPerSecond: number | null;
  /** Whose figures these are, and what the exported model holds. */
  weights: { kind: 'best' | 'last'; epoch: number; step: number; averaged: boolean };
  /** Their validation, or `null` where there was none. */
  validation: { loss: number; accuracy: number } | null;
  /** On the 10,000 test images, looked at once; `null` where the run leaves them alone (`evaluation.test`). */
  test: (Evaluation & { mirror: boolean; shift: number }) | null;
  /** What the curves say. */
  diagnosis: Diagnosis[];
  finishedAt: string;
}

/** The result of a run, or `undefined` where it has not ended. */
export function readResult(folder: string): RunResult | undefined {
  const { result } = runPaths(folder);
  if (!existsSync(result)) return undefined;
  const refuse = (reason: string) =>
    new UserError(
      `run: "${result}" must be the result of a run, received another file (${reason}); remove it and resume the run`,
    );
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(result, 'utf8'));
  } catch (error) {
    throw refuse(messageOf(error));
  }
  const told = resultSchema.safeParse(value);
  if (told.success) return value as RunResult;
  throw refuse(explainIssue(told.error.issues[0]!, value, 'it'));
}

const figures = z.looseObject({ loss: z.number(), accuracy: z.number() });

/** As much of a result as its readers could not do without; an earlier version told less. */
const resultSchema = z.looseObject({
  format: z.literal(1),
  stopped: z.enum(['completed', 'maxSteps', 'early']),
  seconds: z.number(),
  weights: z.looseObject({ kind: z.enum(['best', 'last']), step: z.number() }),
  validation: figures.nullable(),
  test: z
    .looseObject({
      ...figures.shape,
      count: z.number(),
      perClass: z.array(z.looseObject({ name: z.string() })),
      confusion: z.array(z.array(z.number())),
    })
    .nullable(),
  finishedAt: z.string(),
});
