import { describe, expect, it } from 'vitest';
import { resolveSchedule, type ScheduleConfig } from '../config/schedule-config';
import { resolveConfig, type TrainConfig } from '../config/train-config';

const resolve = (config: object) => resolveSchedule(config as ScheduleConfig);

describe('resolveSchedule', () => {
  it.each([
    [{ name: 'constant' }, { learningRate: 0.001 }],
    [{ name: 'stepDecay' }, { learningRate: 0.045, factor: 0.94, every: { epochs: 2 } }],
    [
      { name: 'multiStep', at: { epochs: [3] } },
      { learningRate: 0.1, factor: 0.1 },
    ],
    [
      { name: 'exponential', factor: 0.5 },
      { learningRate: 0.1, every: { epochs: 1 } },
    ],
    [{ name: 'linear' }, { learningRate: 0.1, finalLearningRate: 0 }],
    [
      { name: 'polynomial', power: 2 },
      { learningRate: 0.1, finalLearningRate: 0 },
    ],
    [{ name: 'cosine' }, { learningRate: 0.1, finalLearningRate: 0 }],
    [
      { name: 'cosineRestarts', every: { epochs: 1 } },
      { learningRate: 0.1, finalLearningRate: 0, lengthFactor: 1, factor: 1 },
    ],
    [
      { name: 'oneCycle', maxLearningRate: 2 },
      { initialLearningRate: 0.2, finalLearningRate: 0, warmup: 0.25 },
    ],
    [
      { name: 'plateau' },
      {
        learningRate: 0.1,
        factor: 0.1,
        patience: 10,
        metric: 'validationLoss',
        threshold: 1e-4,
        cooldown: 0,
        minLearningRate: 0,
      },
    ],
  ])('fills in the defaults of %j, and is not changed by another pass', (given, defaults) => {
    const resolved = resolve(given);
    expect(resolved).toEqual({ ...given, ...defaults });
    expect(resolve(JSON.parse(JSON.stringify(resolved)))).toEqual(resolved);
  });

  it('resolves the parts of a sequence', () => {
    const given = { name: 'sequence', parts: [{ name: 'linear', for: { share: 0.1 } }, { name: 'cosine' }] };
    const resolved = resolve(given);
    expect(resolved).toEqual({
      name: 'sequence',
      parts: [
        { name: 'linear', learningRate: 0.1, finalLearningRate: 0, for: { share: 0.1 } },
        { name: 'cosine', learningRate: 0.1, finalLearningRate: 0 },
      ],
    });
    expect(resolve(resolved)).toEqual(resolved);
  });

  const part = { name: 'constant', learningRate: 1 };
  it.each([
    [
      { name: 'cosin' },
      "schedule: `name` must be one of 'constant', 'stepDecay', 'multiStep', 'exponential', 'linear', 'polynomial', 'cosine', 'cosineRestarts', 'oneCycle', 'plateau', 'sequence', received 'cosin'",
    ],
    [{ name: 'cosine', value: 1 }, 'schedule: `value` is not a known key'],
    [{ name: 'cosine', finalLearningRat: 1 }, 'did you mean `finalLearningRate`?'],
    [
      { name: 'cosine', finalLearningRate: -1 },
      '`finalLearningRate` must be a number, at least 0, received -1',
    ],
    [{ name: 'exponential' }, '`factor` must be a number, greater than 0 and at most 1, received undefined'],
    [{ name: 'polynomial', power: 0 }, '`power` must be a number, greater than 0, received 0'],
    [
      { name: 'cosineRestarts' },
      '`every` must hold exactly one of `epochs`, `steps`, `samples`, received undefined',
    ],
    [
      { name: 'cosineRestarts', every: { steps: 1 }, lengthFactor: 0.5 },
      '`lengthFactor` must be a number, at least 1',
    ],
    [
      { name: 'multiStep' },
      '`at` must hold a list under exactly one of `epochs`, `steps`, `samples`, such as {"epochs":[30,60]}, received undefined',
    ],
    [
      { name: 'multiStep', at: { epochs: [3, 2] } },
      '`at.epochs.1` must be a number, greater than 3, received 2',
    ],
    [{ name: 'multiStep', at: { steps: [1.5] } }, '`at.steps.0` must be a whole number'],
    [
      { name: 'plateau', metric: 'top5' },
      "schedule: `metric` must be one of 'validationLoss', 'validationAccuracy', 'emaLoss', 'emaAccuracy', 'loss', 'accuracy', received 'top5'",
    ],
    [{ name: 'plateau', patience: 1.5 }, '`patience` must be a whole number'],
    [
      { name: 'plateau', minLearningRate: 1 },
      '`minLearningRate` must be a number, at least 0 and at most 0.1',
    ],
    [{ name: 'sequence' }, 'schedule: `parts` must be a list of schedules, received undefined'],
    [{ name: 'sequence', parts: [] }, 'schedule: `parts` must be a list of schedules, received []'],
    [{ name: 'sequence', parts: [3] }, 'schedule.parts.0 must be an object with a `name`, received 3'],
    [
      { name: 'sequence', parts: [part, part] },
      'schedule.parts.0: `for` must hold exactly one of `epochs`, `steps`, `samples`, `share`, received undefined',
    ],
    [
      { name: 'sequence', parts: [{ ...part, for: { share: 1 } }, part] },
      '`for.share` must be a number, greater than 0 and less than 1',
    ],
    [
      { name: 'sequence', parts: [{ ...part, for: { steps: 1 } }] },
      'schedule.parts.0: `for` must be left out of the last part',
    ],
    [
      { name: 'sequence', parts: [{ name: 'sequence', parts: [part] }] },
      "schedule.parts.0: `name` must be one of 'constant'",
    ],
    [
      { name: 'sequence', parts: [{ ...part, learningRte: 1 }] },
      'schedule.parts.0: `learningRte` is not a known key; did you mean `learningRate`?',
    ],
  ])('refuses %j', (given, message) => {
    expect(() => resolve(given)).toThrow(message);
  });
});

describe('schedules of momentum and weight decay', () => {
  const resolve = (given: object) => () => resolveConfig({ epochs: 1, ...given } as TrainConfig);

  it('have values, and bounds of their own', () => {
    const config = resolve({
      optimizer: { name: 'sgd', weightDecay: 0.1 },
      momentumSchedule: { name: 'linear', value: 0.95, finalValue: 0.85 },
      weightDecaySchedule: { name: 'stepDecay', value: 2 },
    })();
    expect(config.momentumSchedule).toEqual({ name: 'linear', value: 0.95, finalValue: 0.85 });
    expect(config.weightDecaySchedule).toEqual({
      name: 'stepDecay',
      value: 2,
      factor: 0.94,
      every: { epochs: 2 },
    });
    expect(resolveConfig(config)).toEqual(config);
  });

  it.each([
    [
      { momentumSchedule: { name: 'constant' } },
      'momentumSchedule: `value` must be a number, at least 0 and less than 1, received undefined',
    ],
    [
      { momentumSchedule: { name: 'constant', value: 1 } },
      'momentumSchedule: `value` must be a number, at least 0 and less than 1, received 1',
    ],
    [
      { momentumSchedule: { name: 'constant', learningRate: 0.1 } },
      'momentumSchedule: `learningRate` is not a known key',
    ],
    [{ momentumSchedule: 0.9 }, 'train: `momentumSchedule` must be an object with a `name`, received 0.9'],
    [
      { weightDecaySchedule: { name: 'constant', value: 1 } },
      '`weightDecaySchedule` needs a `weightDecay` of the optimizer to multiply, received 0',
    ],
  ])('refuse %j', (given, message) => {
    expect(resolve(given)).toThrow(message);
  });
});
