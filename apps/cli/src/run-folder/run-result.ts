import { existsSync, readFileSync } from 'node:fs';
import type { Diagnosis, Evaluation } from '@xcp/trainer';
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
  /** On the 10,000 test images, looked at once. */
  test: Evaluation & { mirror: boolean; shift: number };
  /** What the curves say. */
  diagnosis: Diagnosis[];
  finishedAt: string;
}

/** The result of a run, or `undefined` where it has not ended. */
export function readResult(folder: string): RunResult | undefined {
  const { result } = runPaths(folder);
  if (!existsSync(result)) return undefined;
  try {
    return JSON.parse(readFileSync(result, 'utf8')) as RunResult;
  } catch (error) {
    throw new UserError(`run: "${result}" is damaged (${messageOf(error)}); remove it and resume the run`);
  }
}
