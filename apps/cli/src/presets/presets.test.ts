import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../config/resolve';
import { getPreset, presets } from './index';

const resolved = (name: string) => resolveConfig(getPreset(name).config);

/** What the reference experiments have in common. */
const common = {
  data: {
    validationShare: 0.1,
    progressive: [],
    flip: 'none',
    crop: null,
    translate: null,
    randAugment: null,
    colorJitter: null,
    cutout: null,
    cutmix: null,
    mixup: null,
    normalize: { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] },
  },
  // The full network of 20.9 M parameters: nothing but the defaults of the paper.
  model: { middleFlow: 'distinct' },
  steps: null,
  maxSteps: null,
  batchScaling: null,
  momentumSchedule: null,
  weightDecaySchedule: null,
  labelSmoothing: 0,
  microBatchSize: null,
  clipNorm: null,
  syncBatchNorm: false,
  checksumEverySteps: 250,
  clipValue: null,
  onDivergence: 'stop',
  ema: null,
  earlyStopping: null,
  seed: 0,
  evaluation: { test: true, mirror: false, shift: 0, batchSize: null },
  logging: { everySteps: 250, csv: false, tensorBoard: true },
  checkpoints: {
    everyEpochs: 1,
    everySteps: null,
    everyMinutes: null,
    bestMetric: null,
    keepLast: 2,
    keepEvery: null,
  },
};

const adam = {
  optimizer: {
    name: 'adam',
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0,
    weightDecayExclude: [],
    groups: [],
  },
  schedule: { name: 'constant', learningRate: 0.001 },
};

const sgd = {
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
};

describe('the reference experiments', () => {
  it.each([
    ['reference-299', 299, 8, 20, sgd],
    ['reference-32-adam', 32, 128, 100, adam],
    ['reference-32-long', 32, 256, 200, adam],
    ['reference-128', 128, 64, 100, adam],
    ['reference-128-long', 128, 64, 200, adam],
  ])('%s: %i px, batch %i, %i epochs', (name, size, batchSize, epochs, training) => {
    expect(resolved(name)).toEqual({
      ...common,
      ...training,
      name,
      batchSize,
      epochs,
      data: { ...common.data, size },
    });
  });

  it.each(['reference-128', 'reference-128-long'])('%s says that its optimizer is our choice', (name) => {
    expect(getPreset(name).description).toMatch(/does not state the optimizer.* our choice/);
  });

  it('say how to share the middle flow, as the reference did', () => {
    for (const { name, description } of presets.filter((preset) => preset.name.startsWith('reference'))) {
      expect(description, name).toContain('--set model.middleFlow=shared');
    }
  });
});

it('quickstart is the slim network with a whitened stem, and its one-cycle recipe', () => {
  expect(resolved('quickstart')).toMatchObject({
    data: {
      size: 32,
      progressive: [
        { until: 0.35, size: 16 },
        { until: 0.7, size: 24 },
      ],
      flip: 'alternating',
      crop: { padding: 2, mode: 'reflect' },
    },
    model: { stem: { whiten: true } },
    batchSize: 128,
    epochs: 16,
    optimizer: {
      name: 'muon',
      momentum: 0.6,
      nesterov: true,
      newtonSchulzSteps: 3,
      sgdLearningRateScale: 10,
      weightDecay: 0.02,
      weightDecayExclude: ['depthwise_kernel'],
      groups: [{ match: ['predictions/kernel'], learningRateScale: 1, weightDecay: 5e-4 }],
    },
    schedule: {
      name: 'oneCycle',
      initialLearningRate: 0.015,
      maxLearningRate: 0.15,
      finalLearningRate: 0,
      warmup: 0.1,
    },
    labelSmoothing: 0.1,
    evaluation: { mirror: true, shift: 1 },
  });
});

it('cifar-fast is quickstart in fewer epochs', () => {
  const { epochs, ...rest } = resolved('cifar-fast');
  expect({ ...rest, name: 'quickstart', epochs: 16 }).toEqual(resolved('quickstart'));
  expect(epochs).toBeLessThan(16);
});

it('cifar-best is the recipe of quickstart for a larger network, and for longer', () => {
  const { data, model, optimizer, ...recipe } = resolved('cifar-best');
  const { data: small, model: slim, optimizer: hasty, ...shorter } = resolved('quickstart');
  expect({ ...recipe, name: 'quickstart', epochs: 16 }).toEqual(shorter);
  expect(recipe.epochs).toBeGreaterThan(16);
  expect(data).toEqual({ ...small, crop: { padding: 4, mode: 'reflect' }, cutout: { size: 12 } });
  expect(model).toMatchObject({
    stem: { whiten: true, strides: [1, 1] },
    entryFilters: [96, 192],
    preActivation: slim.preActivation,
  });
  // Epochs times decay stays: a weight remembers as large a part of the run.
  expect(optimizer).toEqual({ ...hasty, weightDecay: (hasty.weightDecay * 16) / recipe.epochs! });
});

it('names of presets, of their configurations and of their files agree and are unique', () => {
  const names = presets.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, config } of presets) expect(config.name).toBe(name);
});

it('an unknown preset names the nearest', () => {
  expect(() => getPreset('reference-32-adm')).toThrow(
    /--preset: must be one of quickstart, .*received "reference-32-adm"; did you mean "reference-32-adam"\?/,
  );
});
