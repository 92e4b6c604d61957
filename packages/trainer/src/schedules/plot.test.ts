import { describe, expect, it } from 'vitest';
import { resolveSchedule } from '../config/schedule-config';
import { plotSchedule } from './plot';
import { schedulePoints } from './points';
import { momentum } from './quantity';
import { resolveValues } from './resolve';

const run = { plannedSteps: 200, stepsPerEpoch: 100, examplesPerEpoch: 800 };
const linear = resolveSchedule({ name: 'linear', learningRate: 0.5, finalLearningRate: 0.1 });

describe('schedulePoints', () => {
  it('spreads from the first step to the last', () => {
    const points = schedulePoints(linear, run, 3);
    expect(points.map(({ step }) => step)).toEqual([0, 100, 199]);
    [0.5, 0.3, 0.102].forEach((value, i) => {
      expect(points[i]!.value).toBeCloseTo(value, 12);
    });
  });

  it('has no more points than steps', () => {
    expect(schedulePoints(linear, { ...run, plannedSteps: 2 }, 50)).toHaveLength(2);
    expect(schedulePoints(linear, run, 1)).toEqual([{ step: 0, value: 0.5 }]);
  });

  it('refuses no points', () => {
    expect(() => schedulePoints(linear, run, 0)).toThrow(
      '`count` must be a whole number, at least 1, received 0',
    );
  });
});

describe('plotSchedule', () => {
  it('draws the curve with its bounds and the length of the run', () => {
    expect(plotSchedule(linear, run, { width: 36, height: 3 }).split('\n')).toEqual([
      '  0.5 │⠉⠙⠒⠒⠦⠤⠤⣄⣀⣀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀',
      '      │⠀⠀⠀⠀⠀⠀⠀⠀⠀⠈⠉⠉⠓⠒⠲⠤⠤⣄⣀⣀⠀⠀⠀⠀⠀⠀⠀⠀⠀',
      '0.102 │⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠈⠉⠉⠓⠒⠒⠦⠤⢤⣀',
      '      └───────── 200 steps, 2 epochs',
    ]);
  });

  it('is 60 columns wide unless told otherwise', () => {
    const widths = (text: string) => [...new Set(text.split('\n').map((line) => line.length))];
    expect(widths(plotSchedule(linear, run))).toEqual([60]);
    expect(widths(plotSchedule(linear, run, { width: 100 }))).toEqual([100]);
    expect(plotSchedule(linear, run, { height: 5 }).split('\n')).toHaveLength(6);
  });

  it('draws a value that does not change in the middle, and a run of one step', () => {
    const flat = plotSchedule(resolveValues({ name: 'constant', value: 0.9 }, momentum), {
      ...run,
      plannedSteps: 1,
    });
    expect(flat.split('\n')[4]).toMatch(/^0\.9 │⠉{55}$/);
    expect(flat).toMatch(/└─+ 1 step$/);
  });

  it('says that a plateau depends on the run', () => {
    expect(plotSchedule(resolveSchedule({ name: 'plateau' }), run)).toContain(
      '(falls where validationLoss stops',
    );
  });

  it('shows a peak of one step among many', () => {
    const parts = [
      { name: 'linear', learningRate: 0, finalLearningRate: 1, for: { steps: 500 } },
      { name: 'linear', learningRate: 1 },
    ] as const;
    const long = { ...run, plannedSteps: 100_000 };
    expect(plotSchedule(resolveSchedule({ name: 'sequence', parts }), long)).toMatch(/^ *1 │/);
  });

  it('refuses what has no room', () => {
    expect(() => plotSchedule(linear, run, { width: 10 })).toThrow(
      '`width` must be a whole number, at least 20',
    );
    expect(() => plotSchedule(linear, run, { height: 1 })).toThrow(
      '`height` must be a whole number, at least 2',
    );
  });
});
