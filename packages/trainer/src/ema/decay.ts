import type { ResolvedEma } from '../config/ema-config';

/**
 * What the average keeps of itself after a step, counted from 1; null where the step leaves it alone.
 *
 * @see tf.train.ExponentialMovingAverage, `num_updates`
 */
export function emaDecay({ decay, warmup, everySteps }: ResolvedEma, step: number): number | null {
  if (step % everySteps !== 0) return null;
  const ofStep = warmup ? Math.min(decay, (1 + step) / (10 + step)) : decay;
  return ofStep ** everySteps;
}
