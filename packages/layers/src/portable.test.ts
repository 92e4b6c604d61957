import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { batchNormalization } from './batch-normalization';
import { dropout } from './dropout';
import { portable } from './portable';
import { reLU } from './relu-layer';
import { separableConv2d } from './separable-conv2d';
import { expectClose, wave } from './test-tools';
import { varianceScaling } from './variance-scaling';

beforeAll(() => tf.setBackend('cpu'));

function memory() {
  const box: { artifacts?: tf.io.ModelArtifacts } = {};
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    box.artifacts = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
  });
  return { box, handler };
}

it('saves a model of built-in layers only, which predicts the same', async () => {
  const model = tfl.sequential({
    layers: [
      separableConv2d({
        filters: 3,
        kernelSize: 2,
        strides: 2,
        padding: 'same',
        depthMultiplier: 2,
        depthwiseInitializer: varianceScaling({ seed: 1 }),
        inputShape: [4, 4, 2],
      }),
      batchNormalization({ scale: false, movingMeanInitializer: 'ones' }),
      reLU(),
      separableConv2d({ filters: 2, kernelSize: 2, dilationRate: 1, useBias: true, biasInitializer: 'ones' }),
      dropout({ rate: 0.5, seed: 1 }),
    ],
  });
  const { box, handler } = memory();
  await model.save(portable(handler));
  expect(JSON.stringify(box.artifacts!.modelTopology)).not.toContain('"class_name":"Xcp');
  const plain = await tfl.loadLayersModel(tf.io.fromMemory(box.artifacts!));
  expect(plain.layers.map((layer) => layer.getClassName())).toEqual([
    'SeparableConv2D',
    'BatchNormalization',
    'ReLU',
    'SeparableConv2D',
    'Dropout',
  ]);
  const x = wave([2, 4, 4, 2]);
  expectClose(plain.predict(x) as tf.Tensor, model.predict(x) as tf.Tensor, 1e-6);
});

it('rejects a handler that cannot save', () => {
  const save = portable({ load: async () => ({}) }).save!;
  expect(() => save({})).toThrow('portable: `handler` must be one that can save');
});
