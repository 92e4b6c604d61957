import type { ResolvedSchedule, Span } from './config/schedule-config';

/** Where a run stands. */
export interface Progress {
  /** Steps done so far. */
  step: number;
  stepsPerEpoch: number;
  /** Examples in one epoch. */
  examplesPerEpoch: number;
  /** Steps of the whole run as planned, whether or not it is cut short. */
  plannedSteps: number;
}

/**
 * The learning rate of the step that comes next: a pure function of a run's progress.
 *
 * @example
 * learningRateAt(resolveSchedule({ name: 'stepDecay' }), progress); // 0.045 in the first two epochs
 * @see Chollet, "Xception", section 4.3 (stepDecay); Smith and Topin, "Super-Convergence" (oneCycle)
 */
export function learningRateAt(schedule: ResolvedSchedule, progress: Progress): number {
  switch (schedule.name) {
    case 'constant':
      return schedule.learningRate;
    case 'stepDecay':
      return schedule.learningRate * schedule.factor ** Math.floor(spansDone(schedule.every, progress));
    case 'oneCycle': {
      const { maxLearningRate, initialLearningRate, finalLearningRate, warmup } = schedule;
      const done = progress.step / progress.plannedSteps;
      return warmup > 0 && done <= warmup
        ? between(initialLearningRate, maxLearningRate, done / warmup)
        : between(maxLearningRate, finalLearningRate, (done - warmup) / (1 - warmup));
    }
  }
}

function spansDone(every: Span, { step, stepsPerEpoch, examplesPerEpoch }: Progress): number {
  // In whole steps, so that rounding never moves a decay by one.
  if ('epochs' in every) return step / Math.max(1, Math.round(every.epochs * stepsPerEpoch));
  if ('steps' in every) return step / every.steps;
  return (step * examplesPerEpoch) / (stepsPerEpoch * every.samples);
}

function between(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}
