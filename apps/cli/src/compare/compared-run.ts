import { resolve } from 'node:path';
import { type MetricsRow, readMetrics } from '@xcp/trainer/node';
import { epochRows } from '../report/rows';
import { displayPath } from '../run-folder/display-path';
import { runPaths } from '../run-folder/paths';
import { type RunRecord, readRun } from '../run-folder/run-record';
import { type RunResult, readResult } from '../run-folder/run-result';

/** A run, finished or not, to be laid beside others. */
export interface ComparedRun {
  name: string;
  record: RunRecord;
  rows: readonly MetricsRow[];
  result: RunResult | undefined;
  /** The best validation accuracy so far. */
  validation: number | undefined;
  /** Wall time of the training so far. */
  seconds: number;
}

/** @throws UserError where a folder holds no run. */
export function readCompared(run: string, cwd: string): ComparedRun {
  const folder = resolve(cwd, run);
  const record = readRun(folder);
  const rows = readMetrics(runPaths(folder).metrics);
  const epochs = epochRows(rows);
  const judged = epochs.flatMap(({ validation }) => validation?.accuracy ?? []);
  const result = readResult(folder);
  return {
    name: displayPath(folder, cwd),
    record,
    rows,
    result,
    validation: judged.length > 0 ? Math.max(...judged) : undefined,
    seconds: result?.seconds ?? epochs.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}
