import type { EpochMetric } from './epoch-metric';
import type { ResolvedSimple, SimpleSchedule } from './kinds';
import { kinds, simpleValueAt } from './kinds';
import type { Progress } from './progress';
import { type Sequence, sequenceValueAt } from './sequence';

/** How a number changes over a run. */
export type ValueSchedule = SimpleSchedule | Sequence;
export type ResolvedValueSchedule = ResolvedSimple | Sequence<ResolvedSimple>;

/** The value for the step that comes next: a pure function of a run's progress. */
export function valueAt(schedule: ResolvedValueSchedule, progress: Progress): number {
  return schedule.name === 'sequence'
    ? sequenceValueAt(schedule, progress)
    : simpleValueAt(schedule, progress);
}

/** Whether the schedule is drawn over the whole run, so that a run of another length would have had other values. */
export function dependsOnLength(schedule: ResolvedValueSchedule): boolean {
  if (schedule.name !== 'sequence') return kinds[schedule.name].spansRun ?? false;
  const { parts } = schedule;
  const shares = parts.some((part) => part.for && 'share' in part.for);
  return shares || (kinds[parts.at(-1)!.name].spansRun ?? false);
}

/** The figures of epochs that the schedule looks at. */
export function metricsOf(schedule: ResolvedValueSchedule): EpochMetric[] {
  const parts = schedule.name === 'sequence' ? schedule.parts : [schedule];
  return parts.flatMap((part) => (part.name === 'plateau' ? [part.metric] : []));
}
