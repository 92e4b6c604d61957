import { existsSync } from 'node:fs';
import { runPaths } from '../run-folder/paths';

/** How far a run of a sweep is: not begun, begun and not finished, or finished. */
export type RunState = 'missing' | 'begun' | 'finished';

export function runState(folder: string): RunState {
  const { config, result } = runPaths(folder);
  if (existsSync(result)) return 'finished';
  return existsSync(config) ? 'begun' : 'missing';
}
