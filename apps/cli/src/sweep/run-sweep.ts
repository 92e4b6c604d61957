import { join } from 'node:path';
import type { StartRun } from '../processes/start-process';
import type { PlannedRun } from './plan-sweep';
import { runState } from './run-state';

export interface SweepOptions {
  folder: string;
  /** Runs at a time. */
  jobs: number;
  /** What every run is told besides: engine, data. */
  options: readonly string[];
  start: StartRun;
  signal: AbortSignal;
  onEnd(run: PlannedRun, code: number): void;
}

/**
 * Brings the runs of a sweep to their ends, several at a time, each in a process of its own: those that are missing
 * are begun, those that were interrupted go on, those that are finished stay.
 *
 * Returns the runs that failed; the others are not stopped by them.
 */
export async function runSweep(runs: readonly PlannedRun[], options: SweepOptions): Promise<PlannedRun[]> {
  const waiting = runs.filter(({ id }) => runState(join(options.folder, id)) !== 'finished');
  const failed: PlannedRun[] = [];
  const work = async () => {
    for (let run = waiting.shift(); run && !options.signal.aborted; run = waiting.shift()) {
      const code = await oneRun(run, options);
      if (code !== 0) failed.push(run);
      options.onEnd(run, code);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, work));
  return failed;
}

function oneRun({ id }: PlannedRun, { folder, options, start, signal }: SweepOptions): Promise<number> {
  const run = join(folder, id);
  const args =
    runState(run) === 'begun' ? ['resume', run] : ['train', '--config', configPath(folder, id), '--out', run];
  return start([...args, ...options], join(folder, `${id}.log`), signal);
}

/** Where a sweep keeps the configuration of a run, before the run has a folder. */
export const configPath = (folder: string, id: string) => join(folder, `${id}.json`);
