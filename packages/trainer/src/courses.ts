import type { TrainState } from './checkpoint/state';
import { received } from './config/checks';
import { inValues } from './config/schedule-config';
import type { ResolvedTrainConfig } from './config/train-config';
import type { Courses } from './optimizers/optimizer';
import type { EpochMetric } from './schedules/epoch-metric';
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

/** Throws if a schedule waits for figures of a validation or of averages that the run does not have. */
export function checkMetrics(config: ResolvedTrainConfig, validated: boolean): void {
  const { schedule, momentumSchedule, weightDecaySchedule } = config;
  const schedules = { schedule: inValues(schedule), momentumSchedule, weightDecaySchedule };
  for (const [subject, values] of Object.entries(schedules)) {
    const watched = values ? metricsOf(values) : [];
    for (const metric of watched) checkMetric(subject, metric, config, validated);
  }
}

/**
 * Checks that a run has the figure that something watches; `validated` tells whether it has validation data.
 *
 * @example checkMetric('earlyStopping', 'emaLoss', resolveConfig({ epochs: 5 }), true); // throws: needs averages
 * @throws if it does not.
 */
export function checkMetric(
  subject: string,
  metric: EpochMetric,
  { ema }: Pick<ResolvedTrainConfig, 'ema'>,
  validated: boolean,
): void {
  const averaged = metric.startsWith('ema');
  if (averaged && ema === null) {
    throw new Error(
      `${subject}: \`metric\` ${received(metric)} needs averages, received \`ema\` null; set \`ema\``,
    );
  }
  if (validated || !(averaged || metric.startsWith('validation'))) return;
  throw new Error(
    `${subject}: \`metric\` ${received(metric)} needs \`validationData\`, received none; ` +
      "give it, or watch 'loss' or 'accuracy'",
  );
}
