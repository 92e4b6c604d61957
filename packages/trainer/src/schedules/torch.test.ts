import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resolveSchedule, type ScheduleConfig } from '../config/schedule-config';
import { learningRateAt } from '../schedule';

interface Fixture {
  steps: number;
  stepsPerEpoch: number;
  losses: number[];
  cases: { schedule: ScheduleConfig; values: number[] }[];
}

const { steps, stepsPerEpoch, losses, cases } = JSON.parse(
  readFileSync(new URL('../fixtures/schedules.json', import.meta.url), 'utf8'),
) as Fixture;

const history = losses.map((loss, i) => ({
  step: (i + 1) * stepsPerEpoch,
  loss: 0,
  accuracy: 0,
  validation: { loss, accuracy: 0 },
}));

describe('schedules of torch.optim.lr_scheduler', () => {
  it.each(cases)('$schedule.name $schedule', ({ schedule, values }) => {
    const resolved = resolveSchedule(schedule);
    expect(values).toHaveLength(steps);
    values.forEach((value, step) => {
      const progress = { step, stepsPerEpoch, examplesPerEpoch: 48, plannedSteps: steps, history };
      expect(learningRateAt(resolved, progress) / value, `step ${step}`).toBeCloseTo(1, 9);
    });
  });
});
