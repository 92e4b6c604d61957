import { existsSync, readFileSync } from 'node:fs';
import { CIFAR10_CLASSES } from '@xcp/cifar10';
import { diagnose } from '@xcp/trainer';
import { readMetrics } from '@xcp/trainer/node';
import { messageOf, UserError } from '../errors';
import { runPaths } from '../run-folder/paths';
import { readRun } from '../run-folder/run-record';
import { readResult } from '../run-folder/run-result';
import type { Mistake } from './mistake';
import { epochRows, logRows } from './rows';
import type { RunReport } from './run-report';

/**
 * All that a run's folder tells.
 *
 * @throws UserError where there is no run in the folder, or a file of it is damaged.
 */
export function readReport(folder: string, told: Pick<RunReport, 'name' | 'program'>): RunReport {
  const record = readRun(folder);
  const paths = runPaths(folder);
  const rows = readMetrics(paths.metrics);
  const epochs = epochRows(rows).filter(({ complete }) => complete);
  return {
    ...told,
    record,
    rows,
    result: readResult(folder),
    diagnosis:
      epochs.length === 0 ? [] : diagnose(epochs, { classes: CIFAR10_CLASSES.length, log: logRows(rows) }),
    mistakes: readMistakes(paths.mistakes),
  };
}

function readMistakes(path: string): Mistake[] {
  if (!existsSync(path)) return [];
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Mistake[];
  } catch (error) {
    throw new UserError(`run: "${path}" is damaged (${messageOf(error)}); remove it`);
  }
}
