import { boolean, knownKeys, number } from './checks';

/** An exponential moving average of the weights, which often judges better than the weights themselves. */
export interface EmaConfig {
  /** The share that stays in a step, in [0, 1). Has no default: it depends on the length of the run. */
  decay: number;
  /**
   * Lets the average follow faster at first: min(decay, (1 + step) / (10 + step)). Default true, as in TensorFlow
   * with `num_updates`: otherwise the initial weights would weigh in a short run.
   */
  warmup?: boolean;
  /** Steps between two updates, which then decay by decay^everySteps. Default 1; more costs less. */
  everySteps?: number;
}

export type ResolvedEma = Required<EmaConfig>;

/** @throws if a key is unknown or a value out of range. */
export function resolveEma(given: EmaConfig): ResolvedEma {
  knownKeys('ema', given, ['decay', 'warmup', 'everySteps']);
  return {
    decay: number('ema', 'decay', given.decay, { min: 0, below: 1 }),
    warmup: boolean('ema', 'warmup', given.warmup ?? true),
    everySteps: number('ema', 'everySteps', given.everySteps ?? 1, { integer: true, min: 1 }),
  };
}
