import { inValues, type ResolvedSchedule } from '../config/schedule-config';
import { label, type PlotOptions, plotCurve } from './curve';
import { type PlannedRun, schedulePoints } from './points';
import { metricsOf, type ResolvedValueSchedule } from './value-schedule';

/**
 * A schedule as lines of text for a terminal: its curve over the steps of a run.
 *
 * @example console.log(plotSchedule(resolveSchedule({ name: 'cosine' }), run, { width: 80 }));
 * @throws if the width or height is too small.
 */
export function plotSchedule(
  schedule: ResolvedSchedule | ResolvedValueSchedule,
  run: PlannedRun,
  options: PlotOptions = {},
): string {
  const points = schedulePoints(schedule, run, run.plannedSteps);
  const epochs = run.plannedSteps / run.stepsPerEpoch;
  const steps = `${run.plannedSteps} ${run.plannedSteps === 1 ? 'step' : 'steps'}`;
  const curve = plotCurve(
    points.map(({ value }) => value),
    epochs >= 1 ? `${steps}, ${label(epochs)} ${epochs === 1 ? 'epoch' : 'epochs'}` : steps,
    options,
  );
  const [metric] = metricsOf(inValues(schedule as ResolvedSchedule));
  return metric ? `${curve}\n(falls where ${metric} stops getting better, which is not drawn)` : curve;
}
