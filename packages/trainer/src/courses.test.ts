import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainCallback } from './callbacks';
import type { TrainConfig } from './config/train-config';
import { weightBits } from './fixtures/exact';
import { tinyModel, tinySource } from './fixtures/tiny';
import { train } from './train';

beforeAll(() => tf.setBackend('cpu'));

const trainData = tinySource();
const validationData = tinySource({ size: 6, shuffle: false });
const schedule = { name: 'constant', learningRate: 0.05 } as const;

async function weightsAfter(config: Partial<TrainConfig>): Promise<Record<string, string>> {
  const model = tinyModel();
  await train({ model, trainData, config: { epochs: 2, schedule, ...config } });
  const bits = await weightBits(model);
  model.dispose();
  return bits;
}

describe('momentumSchedule', () => {
  const momentumSchedule = { name: 'constant', value: 0.5 } as const;

  it('takes the place of the momentum of SGD and of beta1 of Adam', async () => {
    for (const [own, other] of [
      [
        { name: 'sgd', momentum: 0.9 },
        { name: 'sgd', momentum: 0.5 },
      ],
      [{ name: 'adam' }, { name: 'adam', beta1: 0.5 }],
      [{ name: 'rmsprop' }, { name: 'rmsprop', momentum: 0.5 }],
    ] as [TrainConfig['optimizer'], TrainConfig['optimizer']][]) {
      const scheduled = await weightsAfter({ optimizer: own, momentumSchedule });
      expect(scheduled).toEqual(await weightsAfter({ optimizer: other }));
      expect(scheduled).not.toEqual(await weightsAfter({ optimizer: own }));
    }
  });

  it('changes from step to step', async () => {
    const parts = [
      { name: 'constant', value: 0.9, for: { steps: 5 } },
      { name: 'constant', value: 0.1 },
    ] as const;
    const scheduled = await weightsAfter({ momentumSchedule: { name: 'sequence', parts } });
    // The last of 6 steps alone has the other momentum.
    expect(scheduled).not.toEqual(await weightsAfter({}));
    expect(await weightsAfter({ momentumSchedule: { name: 'sequence', parts }, maxSteps: 5 })).toEqual(
      await weightsAfter({ maxSteps: 5 }),
    );
  });
});

describe('weightDecaySchedule', () => {
  it('multiplies the weight decay', async () => {
    const weightDecaySchedule = { name: 'constant', value: 4 } as const;
    for (const name of ['sgd', 'adam', 'adamw', 'rmsprop', 'muon'] as const) {
      const scheduled = await weightsAfter({ optimizer: { name, weightDecay: 0.25 }, weightDecaySchedule });
      expect(scheduled).toEqual(await weightsAfter({ optimizer: { name, weightDecay: 1 } }));
    }
  });
});

describe('a plateau', () => {
  const plateau = { name: 'plateau', learningRate: 0.1, factor: 0.5, patience: 0, threshold: 0.999 } as const;

  it('lowers the rate of the epochs after those that were no better', async () => {
    const rates: number[] = [];
    const callbacks: TrainCallback[] = [{ onStep: ({ learningRate }) => void rates.push(learningRate) }];
    const config = { epochs: 4, schedule: plateau };
    const { history } = await train({ model: tinyModel(), trainData, validationData, config, callbacks });
    // The first epoch sets the mark, and none after it is better by that much.
    const expected = [0.1, 0.1, 0.05, 0.025];
    expect(rates).toEqual(expected.flatMap((rate) => [rate, rate, rate]));
    expect(history.map(({ learningRate }) => learningRate)).toEqual(expected);
  });

  it('needs the figures that it watches', async () => {
    const run = (metric: 'loss' | 'validationLoss') =>
      train({ model: tinyModel(), trainData, config: { epochs: 1, schedule: { ...plateau, metric } } });
    await expect(run('validationLoss')).rejects.toThrow(
      "schedule: `metric` 'validationLoss' needs `validationData`, received none; give it, or watch 'loss' or 'accuracy'",
    );
    await expect(run('loss')).resolves.toMatchObject({ stopped: 'completed' });
  });
});
