import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ComparedRun, readCompared } from '../compare/compared-run';
import { runPaths } from '../run-folder/paths';
import type { PlannedRun } from './plan-sweep';
import { type RunState, runState } from './run-state';

/** A run of a sweep with what it came to. */
export interface RankedRun extends PlannedRun {
  state: RunState;
  /** The best validation accuracy so far; the test set has no say in a choice. */
  validation: number | undefined;
  seconds: number;
}

/** The runs of a sweep, the best validation first, those without a figure last. */
export function ranking(runs: readonly PlannedRun[], folder: string): RankedRun[] {
  return runs
    .map((run) => {
      const path = join(folder, run.id);
      const read: ComparedRun | undefined = existsSync(runPaths(path).config)
        ? readCompared(path, folder)
        : undefined;
      return { ...run, state: runState(path), validation: read?.validation, seconds: read?.seconds ?? 0 };
    })
    .sort((a, b) => (b.validation ?? -1) - (a.validation ?? -1));
}
