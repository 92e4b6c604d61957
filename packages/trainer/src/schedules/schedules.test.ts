import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveSchedule, type ScheduleConfig } from '../config/schedule-config';
import { learningRateAt } from '../schedule';
import { kinds } from './kinds';
import type { Progress } from './progress';
import { momentum } from './quantity';
import { resolveValues } from './resolve';
import { dependsOnLength, valueAt } from './value-schedule';

const run = { stepsPerEpoch: 10, examplesPerEpoch: 75, plannedSteps: 100 };

const rates = (config: ScheduleConfig, steps: number[], rest: Partial<Progress> = {}) => {
  const schedule = resolveSchedule(config);
  return steps.map((step) => Number(learningRateAt(schedule, { ...run, ...rest, step }).toPrecision(12)));
};

const epoch = (step: number, figures: Partial<Record<'loss' | 'accuracy', number>>, validated = true) => ({
  step,
  loss: 1,
  accuracy: 0,
  validation: validated ? { loss: 1, accuracy: 0, ...figures } : null,
});

describe('multiStep', () => {
  it('counts milestones in epochs, steps and samples', () => {
    const rest = { name: 'multiStep', learningRate: 1, factor: 0.5 } as const;
    expect(rates({ ...rest, at: { epochs: [2, 3.5] } }, [19, 20, 34, 35])).toEqual([1, 0.5, 0.5, 0.25]);
    expect(rates({ ...rest, at: { steps: [2, 3] } }, [1, 2, 3])).toEqual([1, 0.5, 0.25]);
    expect(rates({ ...rest, at: { samples: [150] } }, [19, 20])).toEqual([1, 0.5]);
  });
});

describe('exponential', () => {
  it('falls within the span', () => {
    const config = { name: 'exponential', learningRate: 1, factor: 0.25 } as const;
    expect(rates(config, [0, 5, 10])).toEqual([1, 0.5, 0.25]);
    expect(rates({ ...config, every: { samples: 150 } }, [10, 20])).toEqual([0.5, 0.25]);
  });
});

describe('cosineRestarts', () => {
  it('lowers each height by the factor, and lengthens each cosine', () => {
    const config = { name: 'cosineRestarts', learningRate: 1, every: { epochs: 1 } } as const;
    expect(rates({ ...config, factor: 0.5 }, [0, 5, 10, 20])).toEqual([1, 0.5, 0.5, 0.25]);
    expect(rates({ ...config, lengthFactor: 3 }, [0, 10, 25, 40])).toEqual([1, 1, 0.5, 1]);
  });
});

describe('plateau', () => {
  const config = { name: 'plateau', learningRate: 1, factor: 0.5, patience: 0 } as const;

  it('looks at the figures of epochs that are done, and at those alone', () => {
    const history = [epoch(10, { loss: 1 }), epoch(20, { loss: 2 })];
    expect(rates(config, [19, 20], { history })).toEqual([1, 0.5]);
  });

  it('watches any figure, each in its direction', () => {
    const history = [
      { ...epoch(10, { loss: 1, accuracy: 0.1 }), loss: 3, accuracy: 0.1 },
      { ...epoch(20, { loss: 0.5, accuracy: 0.1 }), loss: 3, accuracy: 0.2 },
    ];
    const at20 = (metric: 'loss' | 'accuracy' | 'validationLoss' | 'validationAccuracy') =>
      rates({ ...config, metric }, [20], { history })[0];
    expect(at20('validationLoss')).toBe(1);
    expect(at20('validationAccuracy')).toBe(0.5);
    expect(at20('loss')).toBe(0.5);
    expect(at20('accuracy')).toBe(1);
  });

  it('does not count epochs that were not validated', () => {
    const history = [epoch(10, { loss: 1 }), epoch(20, {}, false), epoch(30, { loss: 0.5 })];
    expect(rates(config, [30], { history })).toEqual([1]);
  });
});

describe('sequence', () => {
  const warmup = { name: 'linear', learningRate: 0, finalLearningRate: 1 } as const;

  it('puts a warm-up in front of any schedule, which counts from its own beginning', () => {
    for (const name of Object.keys(kinds) as (keyof typeof kinds)[]) {
      const given = {
        ...(name === 'oneCycle' ? { maxLearningRate: 1 } : { learningRate: 1 }),
        ...(name === 'multiStep' && { at: { epochs: [1] } }),
        ...(name === 'exponential' && { factor: 0.5 }),
        ...(name === 'polynomial' && { power: 2 }),
        ...(name === 'cosineRestarts' && { every: { epochs: 2 } }),
        ...(name === 'plateau' && { patience: 1 }),
      };
      const body = { name, ...given } as Exclude<ScheduleConfig, { name: 'sequence' }>;
      const config = { name: 'sequence', parts: [{ ...warmup, for: { epochs: 2 } }, body] } as const;
      expect(rates(config, [0, 5, 10]), name).toEqual([0, 0.25, 0.5]);
      const history = [15, 25, 35, 45, 55].map((step) => epoch(step, { loss: 1 }));
      const shifted = history.map((figures) => ({ ...figures, step: figures.step + 20 }));
      const alone = rates(body, [0, 10, 39, 79], { plannedSteps: 80, history });
      // An epoch that ended in the warm-up is none of the plateau's.
      const before = { history: [epoch(10, { loss: 0 }), ...shifted] };
      expect(rates(config, [20, 30, 59, 99], before), name).toEqual(alone);
    }
  });

  it.each([
    [{ steps: 20 }, 20],
    [{ epochs: 2 }, 20],
    [{ samples: 150 }, 20],
    [{ share: 0.2 }, 20],
    [{ epochs: 0.01 }, 1],
  ])('lasts for %j', (duration, steps) => {
    const parts = [
      { ...warmup, for: duration },
      { name: 'constant', learningRate: 2 },
    ] as const;
    const values = rates({ name: 'sequence', parts }, [0, steps - 1, steps, 99]);
    expect(values[1]).toBeLessThan(1);
    expect(values.slice(2)).toEqual([2, 2]);
  });

  it('gives the rest of the run to its last part', () => {
    const parts = [
      { name: 'constant', learningRate: 1, for: { share: 0.5 } },
      { name: 'linear', learningRate: 1 },
    ] as const;
    expect(rates({ name: 'sequence', parts }, [50, 75, 100])).toEqual([1, 0.5, 0]);
  });
});

it('every schedule is finite and not negative at every step of any run', () => {
  const any = fc.constantFrom<ScheduleConfig>(
    { name: 'cosine', learningRate: 0.1, finalLearningRate: 1 },
    {
      name: 'cosineRestarts',
      every: { samples: 7 },
      lengthFactor: 1.1,
      factor: 0.3,
      finalLearningRate: 0.05,
    },
    { name: 'polynomial', power: 0.5 },
    { name: 'oneCycle', maxLearningRate: 3, warmup: 1 },
    { name: 'exponential', factor: 0.5, every: { steps: 3 } },
    { name: 'sequence', parts: [{ name: 'linear', for: { share: 0.9 } }, { name: 'cosine' }] },
  );
  const count = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(
      any,
      count,
      count,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (config, plannedSteps, n, share) => {
        const step = Math.min(plannedSteps - 1, Math.floor(share * plannedSteps));
        const progress = { step, plannedSteps, stepsPerEpoch: n, examplesPerEpoch: 3 * n };
        const rate = learningRateAt(resolveSchedule(config), progress);
        expect(rate).toBeGreaterThanOrEqual(0);
        expect(rate).toBeLessThanOrEqual(3);
      },
    ),
  );
});

describe('dependsOnLength', () => {
  const value = 0.5;
  it.each([
    [{ name: 'constant', value }, false],
    [{ name: 'cosine', value, finalValue: 0 }, true],
    [
      {
        name: 'sequence',
        parts: [
          { name: 'cosine', value, finalValue: 0, for: { epochs: 1 } },
          { name: 'constant', value },
        ],
      },
      false,
    ],
    [
      {
        name: 'sequence',
        parts: [
          { name: 'constant', value, for: { share: 0.5 } },
          { name: 'constant', value },
        ],
      },
      true,
    ],
    [
      {
        name: 'sequence',
        parts: [
          { name: 'constant', value, for: { steps: 5 } },
          { name: 'linear', value, finalValue: 0 },
        ],
      },
      true,
    ],
  ])('%j: %s', (config, expected) => {
    expect(dependsOnLength(resolveValues(config, momentum))).toBe(expected);
  });
});

it('a schedule of another quantity has the same course under the names of values', () => {
  const schedule = resolveValues(
    { name: 'oneCycle', initialValue: 0.95, middleValue: 0.85, finalValue: 0.95 },
    momentum,
  );
  const values = [0, 25, 62.5, 100].map((step) => valueAt(schedule, { ...run, step }));
  [0.95, 0.85, 0.9, 0.95].forEach((value, i) => {
    expect(values[i]).toBeCloseTo(value, 12);
  });
});
