import type { NamedArrays } from '@xcp/safetensors';
import { knownKeys, number, received } from '../config/checks';
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
  /** The checkpoint of the best epoch, as the newest valid one remembers it. */
  best(): Promise<FoundCheckpoint>;
  /**
   * Keeps other processes from writing until what it returns is called. {@link train} and {@link resume} call it
   * where a store has it; it throws if somebody else writes, this process by another store included.
   */
  acquire?(): Promise<() => Promise<void>>;
}

export interface StoreOptions {
  /** How many of the newest checkpoints stay, besides the best. Default 2: one to fall back on. */
  keepLast?: number;
  /**
   * Which others stay for good: those at a multiple of so many steps or epochs. Default null: none. It decides among
   * the checkpoints that are saved, not when one is.
   */
  keepEvery?: { steps: number } | { epochs: number } | null;
}

/** Checks what a store is told to keep and fills in the defaults. */
export function resolveKeep(subject: string, { keepLast = 2, keepEvery = null }: StoreOptions) {
  const atLeastOne = { integer: true, min: 1 };
  number(subject, 'keepLast', keepLast, atLeastOne);
  if (keepEvery === null) return { keepLast, keepEvery };
  knownKeys(`${subject}: \`keepEvery\``, keepEvery, ['steps', 'epochs']);
  const [unit, ...others] = Object.keys(keepEvery);
  if (unit === undefined || others.length > 0) {
    throw new Error(
      `${subject}: \`keepEvery\` must have one of \`steps\` and \`epochs\`, received ${received(keepEvery)}`,
    );
  }
  number(subject, `keepEvery.${unit}`, keepEvery[unit as keyof typeof keepEvery], atLeastOne);
  return { keepLast, keepEvery };
}

/** `step-0001400` for step 1400, so that names sort as steps do. */
export function checkpointName(step: number): string {
  return `step-${String(step).padStart(7, '0')}`;
}

/**
 * The names that stay after `saved` was saved: it, the newest before it, those that stay for good, the best it
 * remembers, and that to which a rollback goes. Later steps belong to a course that the run has left, by resuming from
 * an earlier checkpoint.
 */
export function keptNames(
  names: readonly string[],
  saved: TrainState,
  { keepLast, keepEvery }: Required<StoreOptions>,
): Set<string> {
  const newest = checkpointName(saved.step);
  const earlier = names.filter((name) => stepOf(name) < saved.step).sort((a, b) => stepOf(b) - stepOf(a));
  const best = saved.best ? [checkpointName(saved.best.step)] : [];
  const rollback = saved.rollbackStep == null ? [] : [checkpointName(saved.rollbackStep)];
  const steps = stepsBetween(keepEvery, saved);
  const forGood = earlier.filter((name) => stepOf(name) % steps === 0);
  return new Set([newest, ...earlier.slice(0, keepLast - 1), ...forGood, ...best, ...rollback]);
}

function stepsBetween(keepEvery: Required<StoreOptions>['keepEvery'], { stepsPerEpoch }: TrainState): number {
  if (keepEvery === null) return Number.POSITIVE_INFINITY;
  return 'steps' in keepEvery ? keepEvery.steps : keepEvery.epochs * stepsPerEpoch;
}

/** The step that a checkpoint's name tells. */
export function stepOf(name: string): number {
  return Number(/^step-(\d+)/.exec(name)?.[1]);
}
