import type { TrainState } from './checkpoint/state';
import { received } from './config/checks';
import { inValues } from './config/schedule-config';
import type { ResolvedTrainConfig } from './config/train-config';
import type { Courses } from './optimizers/optimizer';
import type { Progress } from './schedules/progress';
import { metricsOf, valueAt } from './schedules/value-schedule';

/** A run's progress before a step, counted from 1. */
export function progressBefore(step: number, state: TrainState, plannedSteps: number): Progress {
  const { stepsPerEpoch, examplesPerEpoch, history, before } = state;
  const earlier = before?.schedule ?? 0;
  return {
    step: earlier + step - 1,
    stepsPerEpoch,
    examplesPerEpoch,
    plannedSteps: earlier + plannedSteps,
    history,
  };
}

/** What the configuration schedules beside the learning rate, as functions of the step. */
export function optimizerCourses(
  config: ResolvedTrainConfig,
  state: TrainState,
  plannedSteps: number,
): Courses {
  const { momentumSchedule, weightDecaySchedule } = config;
  const progress = (step: number) => progressBefore(step, state, plannedSteps);
  return {
    ...(momentumSchedule && { momentum: (step) => valueAt(momentumSchedule, progress(step)) }),
    ...(weightDecaySchedule && { weightDecayFactor: (step) => valueAt(weightDecaySchedule, progress(step)) }),
  };
}

/** Throws if a schedule looks at figures of the epochs before, which the weights that a run begins with lack. */
export function checkContinuable(config: ResolvedTrainConfig): void {
  const { schedule, momentumSchedule, weightDecaySchedule } = config;
  const schedules = { schedule: inValues(schedule), momentumSchedule, weightDecaySchedule };
  for (const [subject, values] of Object.entries(schedules)) {
    if (!values || metricsOf(values).length === 0) continue;
    throw new Error(
      `${subject}: 'plateau' cannot be continued by \`init\`, for it looks at the epochs before; ` +
        "leave `init.schedule` 'fresh' and begin with the rate that it had come to",
    );
  }
}

/** Throws if a schedule waits for figures of a validation that the run does not have. */
export function checkMetrics(config: ResolvedTrainConfig, validated: boolean): void {
  if (validated) return;
  const { schedule, momentumSchedule, weightDecaySchedule } = config;
  const schedules = { schedule: inValues(schedule), momentumSchedule, weightDecaySchedule };
  for (const [subject, values] of Object.entries(schedules)) {
    const missing = values && metricsOf(values).find((metric) => metric.startsWith('validation'));
    if (!missing) continue;
    throw new Error(
      `${subject}: \`metric\` ${received(missing)} needs \`validationData\`, received none; ` +
        "give it, or watch 'loss' or 'accuracy'",
    );
  }
}
