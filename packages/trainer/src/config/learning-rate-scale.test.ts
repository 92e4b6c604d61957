import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { tinyModel, tinySource } from '../fixtures/tiny';
import { train } from '../train';
import { resolveLearningRateScale, scaleAt } from './learning-rate-scale';

beforeAll(() => tf.setBackend('cpu'));

describe('learningRateScale', () => {
  it('grows from 1 in a straight line, and stays', () => {
    const scale = resolveLearningRateScale({ factor: 8, warmupEpochs: 0.5 });
    const at = (step: number) => scaleAt(scale, { step, stepsPerEpoch: 28 });
    expect([0, 2, 7, 14, 100].map(at)).toEqual([1, 2, 4.5, 8, 8]);
    expect(scaleAt(resolveLearningRateScale({ factor: 0.5 }), { step: 0, stepsPerEpoch: 28 })).toBe(0.5);
    expect(scaleAt(null, { step: 5, stepsPerEpoch: 28 })).toBe(1);
  });

  it('multiplies the rates of a run', async () => {
    const rates: number[] = [];
    const callbacks = [
      { onStep: ({ learningRate }: { learningRate: number }) => void rates.push(learningRate) },
    ];
    const schedule = { name: 'constant', learningRate: 0.125 } as const;
    const trainData = tinySource();
    await train({
      model: tinyModel(),
      trainData,
      config: { epochs: 2, schedule, learningRateScale: { factor: 4, warmupEpochs: 1 } },
      callbacks,
    });
    expect(rates).toEqual([0.125, 0.25, 0.375, 0.5, 0.5, 0.5]);
  });

  it('refuses what is no factor', () => {
    expect(() => resolveLearningRateScale({ factor: 0 })).toThrow(
      'learningRateScale: `factor` must be a number, greater than 0, received 0',
    );
    expect(() => resolveLearningRateScale({ factor: 2, warmupEpochs: -1 })).toThrow('`warmupEpochs` must be');
  });
});
