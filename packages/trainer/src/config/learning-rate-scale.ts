import type { Progress } from '../schedules/progress';
import { knownKeys, number } from './checks';

/** What the learning rates of the schedule are multiplied by. */
export interface LearningRateScale {
  /** Above 0: the batch divided by the one that the schedule is meant for, or the root of that. */
  factor: number;
  /** Passes over the data in which the factor grows from 1, in a straight line over the steps. Default 0: none. */
  warmupEpochs?: number;
}

export function resolveLearningRateScale(given: LearningRateScale): Required<LearningRateScale> {
  const subject = 'learningRateScale';
  const { factor, warmupEpochs = 0 } = knownKeys(subject, given, ['factor', 'warmupEpochs']);
  return {
    factor: number(subject, 'factor', factor, { above: 0 }),
    warmupEpochs: number(subject, 'warmupEpochs', warmupEpochs, { min: 0 }),
  };
}

/**
 * The factor of the step that comes next.
 *
 * @see Goyal et al., "Accurate, Large Minibatch SGD", section 2.2, gradual warmup
 */
export function scaleAt(
  scale: Required<LearningRateScale> | null,
  { step, stepsPerEpoch }: Pick<Progress, 'step' | 'stepsPerEpoch'>,
): number {
  if (!scale) return 1;
  const { factor, warmupEpochs } = scale;
  const warmup = warmupEpochs * stepsPerEpoch;
  return step >= warmup ? factor : 1 + ((factor - 1) * step) / warmup;
}
