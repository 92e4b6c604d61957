import type { NamedArrays } from '@xcp/safetensors';
import type { TrainState } from './state';

/** Everything that a run needs to go on as if it had never stopped. */
export interface Checkpoint {
  /** All weights of the model by name, batch-norm statistics included. */
  weights: NamedArrays;
  /** The optimizer's slots by name. */
  optimizer: NamedArrays;
  /** The averages of all weights by name, in a run that keeps them. */
  ema?: NamedArrays;
  state: TrainState;
}

export interface PassedOver {
  name: string;
  reason: string;
}

/** The checkpoint that was looked for, if any is valid, and those that were passed over on the way. */
export interface FoundCheckpoint {
  found: { name: string; checkpoint: Checkpoint } | null;
  passedOver: PassedOver[];
}

/** A place for the checkpoints of one run. */
export interface CheckpointStore {
  /** Keeps a checkpoint and returns its name, such as `step-0001400`; drops those that are no longer wanted. */
  save(checkpoint: Checkpoint): Promise<string>;
  /** Names, newest first, valid or not. */
  list(): Promise<string[]>;
  /** Throws if there is no such checkpoint or it is damaged. */
  load(name: string): Promise<Checkpoint>;
  /** The newest valid checkpoint. */
  latest(): Promise<FoundCheckpoint>;
  /** The checkpoint of the best validation accuracy, as the newest valid one remembers it. */
  best(): Promise<FoundCheckpoint>;
}

export interface StoreOptions {
  /** How many of the newest checkpoints stay, besides the best. Default 2: one to fall back on. */
  keepLast?: number;
}

/** `step-0001400` for step 1400, so that names sort as steps do. */
export function checkpointName(step: number): string {
  return `step-${String(step).padStart(7, '0')}`;
}

/**
 * The names that stay after `saved` was saved: it, the newest before it, and the best it remembers. Later steps
 * belong to a course that the run has left, by resuming from an earlier checkpoint.
 */
export function keptNames(names: readonly string[], saved: TrainState, keepLast: number): Set<string> {
  const newest = checkpointName(saved.step);
  const earlier = names.filter((name) => stepOf(name) < saved.step).sort((a, b) => stepOf(b) - stepOf(a));
  const best = saved.best ? [checkpointName(saved.best.step)] : [];
  return new Set([newest, ...earlier.slice(0, keepLast - 1), ...best]);
}

/** The step that a checkpoint's name tells. */
export function stepOf(name: string): number {
  return Number(/^step-(\d+)/.exec(name)?.[1]);
}
