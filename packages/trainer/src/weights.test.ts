import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { weightBits } from './fixtures/exact';
import { tinyModel } from './fixtures/tiny';
import { loadWeights, modelWeights } from './weights';

beforeAll(() => tf.setBackend('cpu'));

describe('weights', () => {
  it('holds every weight by name, batch-norm statistics included', async () => {
    const weights = await modelWeights(tinyModel());
    const shapes = Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, shape]));
    expect(shapes).toEqual({
      'conv/kernel': [3, 3, 1, 2],
      'conv/bias': [2],
      'bn/gamma': [2],
      'bn/beta': [2],
      'bn/moving_mean': [2],
      'bn/moving_variance': [2],
      'head/kernel': [32, 3],
      'head/bias': [3],
    });
  });

  it('loads without leaking, and keeps no hold on the arrays', async () => {
    const model = tinyModel();
    const weights = await modelWeights(model);
    weights['head/bias']!.data.set([1, 2, 3]);
    const tensors = tf.memory().numTensors;
    loadWeights(model, weights);
    expect(tf.memory().numTensors).toBe(tensors);
    weights['head/bias']!.data.fill(0);
    expect([...(await modelWeights(model))['head/bias']!.data]).toEqual([1, 2, 3]);
  });

  it('refuses other names and shapes, with the model as it was', async () => {
    const model = tinyModel();
    const before = await weightBits(model);
    const { 'bn/beta': beta, ...others } = await modelWeights(model);
    expect(() => loadWeights(model, { ...others, 'bn/betta': beta! })).toThrow(
      '1 missing (bn/beta), 1 unknown (bn/betta); build the model with the configuration',
    );
    const wrong = { ...beta!, dtype: 'int32' as const };
    expect(() => loadWeights(model, { ...others, 'bn/beta': wrong })).toThrow(
      "'bn/beta' must be float32 of shape [2], received int32 of shape [2]",
    );
    expect(await weightBits(model)).toEqual(before);
  });

  it('refuses two weights of one name', () => {
    const inner = () =>
      tfl.sequential({ layers: [tfl.layers.dense({ units: 2, inputShape: [2], name: 'same' })] });
    const model = tfl.sequential({ layers: [inner(), inner()] });
    expect(() => modelWeights(model)).toThrow("received 'same/kernel' twice; rename a layer");
  });
});
