import { describe, expect, it } from 'vitest';
import { continuedConfig } from './continued-config';
import { resolveConfig, type TrainConfig } from './train-config';

const resolve = (given: object) => () => resolveConfig({ epochs: 1, ...given } as TrainConfig);

describe('resolveConfig', () => {
  it('judges the best epoch by the averages where it keeps any', () => {
    expect(resolveConfig({ epochs: 1, ema: { decay: 0.9 } }).bestMetric).toBe('emaAccuracy');
    const stated = { epochs: 1, ema: { decay: 0.9 }, bestMetric: 'loss' } as const;
    expect(resolveConfig(stated).bestMetric).toBe('loss');
  });

  it('fills in the defaults', () => {
    expect(resolveConfig({ epochs: 3 })).toEqual({
      epochs: 3,
      steps: null,
      maxSteps: null,
      optimizer: {
        name: 'sgd',
        momentum: 0.9,
        nesterov: false,
        decoupledWeightDecay: false,
        weightDecay: 0,
        weightDecayExclude: [],
        groups: [],
      },
      schedule: { name: 'stepDecay', learningRate: 0.045, factor: 0.94, every: { epochs: 2 } },
      learningRateScale: null,
      momentumSchedule: null,
      weightDecaySchedule: null,
      labelSmoothing: 0,
      syncBatchNorm: false,
      checksumEverySteps: 250,
      microBatchSize: null,
      clipNorm: null,
      clipValue: null,
      onDivergence: 'stop',
      ema: null,
      logEverySteps: 250,
      checkpointEveryEpochs: 1,
      checkpointEverySteps: null,
      checkpointEveryMinutes: null,
      bestMetric: 'validationAccuracy',
      validateEveryEpochs: 1,
      seed: 0,
    });
  });

  it('fills in the defaults of every optimizer', () => {
    const common = { weightDecayExclude: [], groups: [] };
    const numbers = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    const optimizer = (name: 'adam' | 'adamw' | 'rmsprop') =>
      resolveConfig({ epochs: 1, optimizer: { name } }).optimizer;
    expect(optimizer('adam')).toEqual({ name: 'adam', ...numbers, weightDecay: 0, ...common });
    expect(optimizer('adamw')).toEqual({ name: 'adamw', ...numbers, weightDecay: 0.01, ...common });
    expect(optimizer('rmsprop')).toEqual({
      name: 'rmsprop',
      rho: 0.9,
      momentum: 0.9,
      epsilon: 1e-8,
      epsilonInRoot: false,
      weightDecay: 0,
      ...common,
    });
    const groups = [{ match: ['head'] }];
    expect(resolveConfig({ epochs: 1, optimizer: { name: 'sgd', groups } }).optimizer.groups).toEqual([
      { match: ['head'], learningRateScale: 1, weightDecay: null },
    ]);
  });

  it('is JSON, and resolving it again changes nothing', () => {
    const config = resolveConfig({
      epochs: 2,
      optimizer: { name: 'adam' },
      schedule: { name: 'oneCycle', maxLearningRate: 1 },
    });
    expect(resolveConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
  });

  it.each([
    [{ epochs: 0 }, 'train: `epochs` must be a whole number, at least 1, received 0'],
    [
      { epochs: undefined },
      'train: either `epochs` or `steps` must be given, received {"epochs":null,"steps":null}; set the one',
    ],
    [{ steps: 10 }, 'either `epochs` or `steps` must be given, received {"epochs":1,"steps":10}'],
    [{ epochs: null, steps: 0 }, 'train: `steps` must be a whole number, at least 1, received 0'],
    [
      { checkpointEveryEpochs: 0 },
      'train: `checkpointEveryEpochs` must be a whole number, at least 1, received 0',
    ],
    [
      { checkpointEverySteps: 0.5 },
      'train: `checkpointEverySteps` must be a whole number, at least 1, received 0.5',
    ],
    [
      { checkpointEveryMinutes: 0 },
      'train: `checkpointEveryMinutes` must be a number, greater than 0, received 0',
    ],
    [
      { bestMetric: 'validation_loss' },
      "train: `bestMetric` must be one of 'validationLoss', 'validationAccuracy', 'emaLoss', 'emaAccuracy', 'loss', 'accuracy', received 'validation_loss'",
    ],
    [{ maxSteps: 1.5 }, 'train: `maxSteps` must be a whole number, at least 1, received 1.5'],
    [
      { labelSmoothing: 1 },
      'train: `labelSmoothing` must be a number, at least 0 and less than 1, received 1',
    ],
    [{ labelSmooting: 0.1 }, 'train: `labelSmooting` is not a known key; did you mean `labelSmoothing`?'],
    [{ seed: -1 }, 'train: `seed` must be a whole number, at least 0, received -1'],
    [{ microBatchSize: 0 }, 'train: `microBatchSize` must be a whole number, at least 1, received 0'],
    [{ clipNorm: -1 }, 'train: `clipNorm` must be a number, greater than 0, received -1'],
    [{ clipValue: 0 }, 'train: `clipValue` must be a number, greater than 0, received 0'],
    [
      { clipNorm: 1, clipValue: 2 },
      '`clipValue` must be null where `clipNorm` is given, received 2; choose one',
    ],
    [
      { onDivergence: 'go on' },
      "`onDivergence` must be 'stop' or an object with `rollback`, received 'go on'",
    ],
    [
      { onDivergence: {} },
      'train.onDivergence: `rollback` must be a whole number, at least 1, received undefined',
    ],
    [
      { onDivergence: { rollback: 1, factor: 1 } },
      'train.onDivergence: `factor` must be a number, greater than 0 and less than 1, received 1',
    ],
    [{ optimizer: 'sgd' }, "train: `optimizer` must be an object with a `name`, received 'sgd'"],
    [
      { optimizer: { name: 'sdg' } },
      "optimizer: `name` must be one of 'sgd', 'adam', 'adamw', 'rmsprop', 'muon', received 'sdg'",
    ],
    [
      { optimizer: { name: 'sgd', beta1: 0.9 } },
      'optimizer: `beta1` is not a known key; it may be `name`, `weightDecay`, `weightDecayExclude`, `groups`, `momentum`, `nesterov`, `decoupledWeightDecay`',
    ],
    [{ optimizer: { name: 'sgd', nesterov: true, momentum: 0 } }, '`nesterov` needs a `momentum` above 0'],
    [{ optimizer: { name: 'sgd', nesterov: 1 } }, 'optimizer: `nesterov` must be true or false, received 1'],
    [
      { optimizer: { name: 'rmsprop', rho: 1 } },
      '`rho` must be a number, at least 0 and less than 1, received 1',
    ],
    [
      { optimizer: { name: 'rmsprop', epsilonInRoot: 0 } },
      '`epsilonInRoot` must be true or false, received 0',
    ],
    [
      { optimizer: { name: 'sgd', groups: {} } },
      'optimizer: `groups` must be an array of groups, received {}',
    ],
    [
      { optimizer: { name: 'sgd', groups: [{}] } },
      'optimizer.groups.0: `match` must be an array of names of weights',
    ],
    [{ optimizer: { name: 'sgd', groups: [{ match: [] }] } }, '`match` must name at least one part'],
    [
      { optimizer: { name: 'sgd', groups: [{ match: ['a'], learningRate: 1 }] } },
      'optimizer.groups.0: `learningRate` is not a known key',
    ],
    [
      { optimizer: { name: 'sgd', groups: [{ match: ['a'], learningRateScale: 0 }] } },
      'optimizer.groups.0: `learningRateScale` must be a number, greater than 0, received 0',
    ],
    [
      { optimizer: { name: 'sgd', groups: [{ match: ['a'], weightDecay: -1 }] } },
      'optimizer.groups.0: `weightDecay` must be a number, at least 0, received -1',
    ],
    [{ optimizer: { name: 'adam', epsilon: 0 } }, 'optimizer: `epsilon` must be a number, greater than 0'],
    [
      { optimizer: { name: 'adam', weightDecayExclude: 'bias' } },
      "an array of names of weights, received 'bias'",
    ],
    [
      { schedule: { name: 'oneCycle' } },
      '`maxLearningRate` must be a number, greater than 0, received undefined',
    ],
    [
      { schedule: { name: 'oneCycle', maxLearningRate: 1, initialLearningRate: 2 } },
      'at least 0 and at most 1',
    ],
    [
      { schedule: { name: 'stepDecay', every: {} } },
      'exactly one of `epochs`, `steps`, `samples`, received {}',
    ],
    [{ schedule: { name: 'stepDecay', every: { steps: 1, epochs: 1 } } }, 'exactly one of'],
    [{ schedule: { name: 'stepDecay', every: { steps: 0.5 } } }, '`every.steps` must be a whole number'],
    [{ schedule: { name: 'constant', learningRate: Number.NaN } }, '`learningRate` must be a number'],
  ])('refuses %j', (given, message) => {
    expect(resolve(given)).toThrow(message);
  });
});

describe('continuedConfig', () => {
  const saved = resolveConfig({ epochs: 4, maxSteps: 7 });

  it('keeps what was saved and takes the changes', () => {
    expect(continuedConfig(saved)).toEqual(saved);
    expect(continuedConfig(saved, { epochs: 6, maxSteps: null, seed: undefined })).toEqual({
      ...saved,
      epochs: 6,
      maxSteps: null,
    });
  });

  it('takes the whole configuration again', () => {
    expect(continuedConfig(saved, { ...saved, schedule: { name: 'stepDecay' } })).toEqual(saved);
  });

  it('refuses what would make it another run', () => {
    expect(() => continuedConfig(saved, { seed: 1 })).toThrow('resume: `seed` must stay 0, received 1');
    expect(() => continuedConfig(saved, { optimizer: { name: 'adam' } })).toThrow('`optimizer` must stay');
    const oneCycle = resolveConfig({ epochs: 4, schedule: { name: 'oneCycle', maxLearningRate: 1 } });
    expect(() => continuedConfig(oneCycle, { epochs: 5 })).toThrow(
      'its `schedule` is drawn over the whole run',
    );
    expect(continuedConfig(oneCycle, { maxSteps: 5 }).maxSteps).toBe(5);
    const moving = resolveConfig({
      epochs: 4,
      momentumSchedule: { name: 'linear', value: 0.9, finalValue: 0.5 },
      optimizer: { name: 'sgd', weightDecay: 1e-4 },
      weightDecaySchedule: { name: 'cosine', value: 1, finalValue: 0 },
    });
    expect(() => continuedConfig(moving, { epochs: 5 })).toThrow('its `momentumSchedule` is drawn');
    const decaying = { ...moving, momentumSchedule: null };
    expect(() => continuedConfig(decaying, { epochs: 5 })).toThrow('its `weightDecaySchedule` is drawn');
    expect(() => continuedConfig(moving, { momentumSchedule: null })).toThrow('`momentumSchedule` must stay');
  });

  it('fills in what an earlier version did not save', () => {
    const { momentumSchedule: _, ...older } = saved;
    expect(continuedConfig(older as typeof saved)).toEqual(saved);
  });
});

describe('resolveConfig of several ranks', () => {
  it('refuses what synchronized batch norm cannot do', () => {
    expect(() => resolveConfig({ epochs: 1, syncBatchNorm: true, microBatchSize: 8 })).toThrow(
      'train: `microBatchSize` must be null with `syncBatchNorm`, received 8',
    );
    expect(() => resolveConfig({ epochs: 1, syncBatchNorm: 1 as never })).toThrow(
      'train: `syncBatchNorm` must be true or false, received 1',
    );
    expect(() => resolveConfig({ epochs: 1, checksumEverySteps: 0 })).toThrow(
      'train: `checksumEverySteps` must be a whole number, at least 1, received 0',
    );
    expect(resolveConfig({ epochs: 1, checksumEverySteps: null }).checksumEverySteps).toBeNull();
  });
});
