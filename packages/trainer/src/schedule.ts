import { inValues, type ResolvedSchedule } from './config/schedule-config';
import type { Progress } from './schedules/progress';
import { valueAt } from './schedules/value-schedule';

/**
 * The learning rate of the step that comes next: a pure function of a run's progress.
 *
 * @example
 * learningRateAt(resolveSchedule({ name: 'stepDecay' }), progress); // 0.045 in the first two epochs
 */
export function learningRateAt(schedule: ResolvedSchedule, progress: Progress): number {
  return valueAt(inValues(schedule), progress);
}
