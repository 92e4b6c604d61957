import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { CheckpointStore, EpochRecord, NamedArrays, TrainResult } from '@xcp/trainer';
import { beforeAll, describe, expect, it } from 'vitest';
import { takeBestWeights } from './best-weights';

beforeAll(() => tf.setBackend('cpu'));

const weights = (value: number): NamedArrays => ({
  'd/kernel': { dtype: 'float32', shape: [1, 1], data: Float32Array.of(value) },
});
const figures = (loss: number, accuracy: number) => ({ loss, accuracy });
const epoch = (number: number, validation: EpochRecord['validation'], ema: EpochRecord['ema']) =>
  ({ epoch: number, step: number * 4, validation, ema }) as EpochRecord;

/** The value of the only weight, and what is told, where the model ends with 1 and its averages with 2. */
async function taken(history: EpochRecord[], bestEpoch: number | null) {
  const model = tfl.sequential({
    layers: [tfl.layers.dense({ name: 'd', units: 1, useBias: false, inputShape: [1] })],
  });
  model.setWeights([tf.tensor2d([[1]])]);
  const best = bestEpoch === null ? null : { epoch: bestEpoch, step: bestEpoch * 4, loss: 0, accuracy: 0 };
  const store = {
    best: async () => ({ found: { checkpoint: { weights: weights(3), ema: weights(4) } } }),
  } as unknown as CheckpointStore;
  const last = history.at(-1);
  const result = {
    history: bestEpoch === null ? [] : history,
    best,
    step: 8,
    epoch: 2,
    validation: last?.validation ?? null,
    ema: { weights: weights(2), validation: last?.ema ?? null },
  } as unknown as TrainResult;
  const told = await takeBestWeights(model, store, result);
  return { value: model.getWeights()[0]!.dataSync()[0], told };
}

describe('takeBestWeights', () => {
  const [worse, better] = [figures(1, 0.5), figures(1, 0.6)];

  it.each([
    ['the weights at hand', [epoch(1, worse, null), epoch(2, better, worse)], 2, 1, better],
    ['their averages', [epoch(1, worse, null), epoch(2, worse, better)], 2, 2, better],
    ['earlier weights', [epoch(1, better, worse), epoch(2, worse, worse)], 1, 3, better],
    ['earlier averages', [epoch(1, worse, better), epoch(2, worse, worse)], 1, 4, better],
    [
      'the lower loss of equals',
      [epoch(1, worse, worse), epoch(2, worse, figures(0.9, 0.5))],
      2,
      2,
      figures(0.9, 0.5),
    ],
    ['the weights of equals', [epoch(1, worse, worse), epoch(2, worse, worse)], 2, 1, worse],
    ['the last, where no epoch was recorded', [epoch(2, worse, better)], null, 2, better],
    ['the last weights, where none was validated', [epoch(2, null, null)], null, 1, null],
  ] as const)('takes %s', async (_, history, best, value, validation) => {
    const { value: received, told } = await taken([...history], best);
    expect(received).toBe(value);
    expect(told).toMatchObject({
      kind: best === null ? 'last' : 'best',
      averaged: value % 2 === 0,
      validation,
    });
  });
});
