import { earlyStopping, type TrainCallback } from '@xcp/trainer';
import { csvFile, metricsFile, tensorBoard } from '@xcp/trainer/node';
import type { RunConfig } from '../config/run-config';
import { runPaths } from '../run-folder/paths';
import type { Output } from '../terminal/output';
import { progressReporter } from './progress-reporter';

/** What watches a run: its files first, so that what is told has been kept. */
export function runCallbacks(
  folder: string,
  { logging, earlyStopping: stopping }: RunConfig,
  output: Output,
  now: () => Date,
): TrainCallback[] {
  const paths = runPaths(folder);
  return [
    metricsFile(paths.metrics),
    ...(logging.csv ? [csvFile(paths.csv)] : []),
    ...(logging.tensorBoard ? [tensorBoard(folder, { now: () => now().getTime() })] : []),
    progressReporter(output),
    ...(stopping ? [earlyStopping(stopping)] : []),
  ];
}
