import { earlyStopping, type TrainCallback } from '@xcp/trainer';
import { csvFile, metricsFile, tensorBoard } from '@xcp/trainer/node';
import type { RunConfig } from '../config/run-config';
import type { Io } from '../io';
import { reportFile } from '../report/report-file';
import { displayPath } from '../run-folder/display-path';
import { runPaths } from '../run-folder/paths';
import type { Output } from '../terminal/output';
import { progressReporter } from './progress-reporter';

/** What watches a run: its files first, so that what is told has been kept. */
export function runCallbacks(
  folder: string,
  { logging, earlyStopping: stopping }: RunConfig,
  output: Output,
  live: TrainCallback,
  { now, cwd, program }: Io,
): TrainCallback[] {
  const paths = runPaths(folder);
  const told = { name: displayPath(folder, cwd), program };
  return [
    metricsFile(paths.metrics),
    ...(logging.csv ? [csvFile(paths.csv)] : []),
    ...(logging.tensorBoard ? [tensorBoard(folder, { now: () => now().getTime() })] : []),
    live,
    progressReporter(output),
    reportFile(folder, told, output.say),
    ...(stopping ? [earlyStopping(stopping)] : []),
  ];
}
