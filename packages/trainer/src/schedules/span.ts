import type { Progress } from './progress';

/** A span of training in one of three units. */
export type Span = { epochs: number } | { steps: number } | { samples: number };

/** How long a part of a sequence lasts: a span, or a share of the planned steps. */
export type Duration = Span | { share: number };

type Run = Pick<Progress, 'stepsPerEpoch' | 'examplesPerEpoch'>;

/** How often a span fits into the steps done, as a fraction. */
export function spansDone(every: Span, { step, stepsPerEpoch, examplesPerEpoch }: Progress): number {
  // In whole steps, so that rounding never moves a decay by one.
  if ('epochs' in every) return step / Math.max(1, Math.round(every.epochs * stepsPerEpoch));
  if ('steps' in every) return step / every.steps;
  return (step * examplesPerEpoch) / (stepsPerEpoch * every.samples);
}

/** A duration in steps, at least 1. */
export function stepsIn(duration: Duration, progress: Run & Pick<Progress, 'plannedSteps'>): number {
  const { stepsPerEpoch, examplesPerEpoch, plannedSteps } = progress;
  if ('steps' in duration) return duration.steps;
  if ('epochs' in duration) return Math.max(1, Math.round(duration.epochs * stepsPerEpoch));
  if ('share' in duration) return Math.max(1, Math.round(duration.share * plannedSteps));
  return Math.max(1, Math.round((duration.samples * stepsPerEpoch) / examplesPerEpoch));
}
