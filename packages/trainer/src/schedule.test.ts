import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveSchedule } from './config/schedule-config';
import { learningRateAt } from './schedule';
import type { Progress } from './schedules/progress';

const at = (step: number, rest: Partial<Progress> = {}): Progress => ({
  step,
  stepsPerEpoch: 10,
  examplesPerEpoch: 75,
  plannedSteps: 100,
  ...rest,
});

describe('learningRateAt', () => {
  it('is constant', () => {
    const schedule = resolveSchedule({ name: 'constant', learningRate: 0.3 });
    expect([0, 1, 99].map((step) => learningRateAt(schedule, at(step)))).toEqual([0.3, 0.3, 0.3]);
  });

  it("follows the paper's decay of 0.94 every 2 epochs by default", () => {
    const schedule = resolveSchedule({ name: 'stepDecay' });
    expect(learningRateAt(schedule, at(0))).toBe(0.045);
    expect(learningRateAt(schedule, at(19))).toBe(0.045);
    expect(learningRateAt(schedule, at(20))).toBeCloseTo(0.045 * 0.94, 12);
    expect(learningRateAt(schedule, at(99))).toBeCloseTo(0.045 * 0.94 ** 4, 12);
  });

  it('counts spans in steps and in samples', () => {
    const rest = { name: 'stepDecay', learningRate: 1, factor: 0.5 } as const;
    const steps = resolveSchedule({ ...rest, every: { steps: 7 } });
    expect([6, 7, 14].map((step) => learningRateAt(steps, at(step)))).toEqual([1, 0.5, 0.25]);
    const samples = resolveSchedule({ ...rest, every: { samples: 150 } });
    expect([19, 20, 40].map((step) => learningRateAt(samples, at(step)))).toEqual([1, 0.5, 0.25]);
  });

  it('decays at whole steps where a span is a fraction of an epoch', () => {
    const rest = { name: 'stepDecay', learningRate: 1, factor: 0.5, every: { epochs: 0.1 } } as const;
    const schedule = resolveSchedule(rest);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 500 }), (n, perTenth) => {
        const progress = at(n * perTenth, { stepsPerEpoch: perTenth * 10 });
        expect(learningRateAt(schedule, progress)).toBe(0.5 ** n);
      }),
    );
  });

  it('goes linearly up over the warmup and down to the end', () => {
    const schedule = resolveSchedule({ name: 'oneCycle', maxLearningRate: 1 });
    const rates = [0, 12.5, 25, 62.5, 100].map((step) => learningRateAt(schedule, at(step)));
    [0.1, 0.55, 1, 0.5, 0].forEach((rate, i) => {
      expect(rates[i]).toBeCloseTo(rate, 12);
    });
  });

  it.each([0, 1])('stays in its bounds with a warmup of %d', (warmup) => {
    const schedule = resolveSchedule({ name: 'oneCycle', maxLearningRate: 2, warmup });
    for (let step = 0; step <= 100; step++) {
      const rate = learningRateAt(schedule, at(step));
      expect(rate).toBeGreaterThanOrEqual(0);
      expect(rate).toBeLessThanOrEqual(2);
    }
    expect(learningRateAt(schedule, at(warmup * 100))).toBe(2);
  });
});
