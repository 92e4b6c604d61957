import { number } from '../config/checks';
import { inValues, type ResolvedSchedule } from '../config/schedule-config';
import type { Progress } from './progress';
import { type ResolvedValueSchedule, valueAt } from './value-schedule';

/** The run that a schedule is drawn over. */
export type PlannedRun = Pick<Progress, 'plannedSteps' | 'stepsPerEpoch' | 'examplesPerEpoch'>;

/** What a schedule says for a step. */
export interface SchedulePoint {
  /** Steps done before it. */
  step: number;
  value: number;
}

/**
 * A schedule at up to `count` steps of a run, evenly spread from its first to its last. A `plateau` is one that never
 * reduces, for nobody knows the run's figures.
 *
 * @example schedulePoints(resolveSchedule({ name: 'linear' }), { plannedSteps: 100, stepsPerEpoch: 10, examplesPerEpoch: 80 })
 * @throws if `count` or `plannedSteps` is not a whole number, at least 1.
 */
export function schedulePoints(
  schedule: ResolvedSchedule | ResolvedValueSchedule,
  run: PlannedRun,
  count = 200,
): SchedulePoint[] {
  const { plannedSteps } = run;
  number('schedulePoints', 'count', count, { integer: true, min: 1 });
  number('schedulePoints', 'plannedSteps', plannedSteps, { integer: true, min: 1 });
  const values = inValues(schedule as ResolvedSchedule);
  const points = Math.min(count, plannedSteps);
  return Array.from({ length: points }, (_, i) => {
    const step = points === 1 ? 0 : Math.round((i * (plannedSteps - 1)) / (points - 1));
    return { step, value: valueAt(values, { ...run, step }) };
  });
}
