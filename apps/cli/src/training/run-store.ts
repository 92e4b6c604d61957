import type { CheckpointStore } from '@xcp/trainer';
import { fileStore } from '@xcp/trainer/node';
import type { RunConfig } from '../config/run-config';
import { runPaths } from '../run-folder/paths';

/** Where a run keeps its checkpoints, and how many of them. */
export function runStore(folder: string, { checkpoints }: RunConfig): CheckpointStore {
  const { keepLast, keepEvery } = checkpoints;
  return fileStore(runPaths(folder).checkpoints, { keepLast, keepEvery });
}
