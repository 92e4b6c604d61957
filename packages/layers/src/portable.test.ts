import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { batchNormalization } from './batch-normalization';
import { factories } from './conv-test-tools';
import { dropPath } from './drop-path';
import { dropout } from './dropout';
import { identityKernel } from './identity-kernel';
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
      separableConv2d({
        filters: 2,
        kernelSize: 2,
        dilationRate: 1,
        useBias: true,
        biasInitializer: 'ones',
        pointwiseInitializer: identityKernel({ seed: 1 }),
      }),
      dropout({ rate: 0.5, seed: 1 }),
      dropPath({ rate: 0.5, seed: 1 }),
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
    'Dropout',
  ]);
  const x = wave([2, 4, 4, 2]);
  expectClose(plain.predict(x) as tf.Tensor, model.predict(x) as tf.Tensor, 1e-6);
});

it('rejects a handler that cannot save', () => {
  const save = portable({ load: async () => ({}) }).save!;
  expect(() => save({})).toThrow('portable: `handler` must be one that can save');
});

it.each([
  [
    'conv2d',
    { kernelSize: 3, filters: 2, strides: 2, padding: 'same', useBias: true, dataFormat: 'channelsFirst' },
    'Conv2D',
  ],
  ['conv2d', { kernelSize: 3, filters: 2, dilationRate: 2, activation: 'relu' }, 'Conv2D'],
  [
    'depthwiseConv2d',
    { kernelSize: 3, depthMultiplier: 2, useBias: true, padding: 'same' },
    'DepthwiseConv2D',
  ],
  ['separableConv2d', { kernelSize: 3, filters: 3, dilationRate: 2, useBias: true }, 'SeparableConv2D'],
  [
    'separableConv2d',
    { kernelSize: 3, filters: 3, depthMultiplier: 2, dataFormat: 'channelsFirst' },
    'SeparableConv2D',
  ],
  ['maxPooling2d', { poolSize: 3, strides: 2, padding: 'same' }, 'MaxPooling2D'],
] as const)('saves %s %j as the built-in layer', async (name, args, builtIn) => {
  const make = factories[name] as (args: object) => tfl.layers.Layer;
  const model = tfl.sequential({ layers: [make({ ...args, inputShape: [6, 7, 8] })] });
  model.setWeights(model.getWeights().map((w, i) => wave(w.shape, i)));
  const { box, handler } = memory();
  await model.save(portable(handler));
  const plain = await tfl.loadLayersModel(tf.io.fromMemory(box.artifacts!));
  expect(plain.layers[0]!.getClassName()).toBe(builtIn);
  const x = wave([2, 6, 7, 8]);
  expectClose(plain.predict(x) as tf.Tensor, model.predict(x) as tf.Tensor, 1e-4);
});

it.each([
  ['separableConv1d', { kernelSize: 2, filters: 1 }, 'layer `SeparableConv1D`'],
  ['separableConv2d', { kernelSize: 2, filters: 1, order: 'pointwise-first' }, "`order` 'pointwise-first'"],
  ['separableConv2d', { kernelSize: 2, filters: 1, between: { activation: 'relu' } }, '`between` {'],
  ['separableConv2d', { kernelSize: 2, filters: 1, padding: 'symmetric' }, "`padding` 'symmetric'"],
  ['conv2d', { kernelSize: 2, filters: 1, padding: 'symmetric' }, "`padding` 'symmetric'"],
  ['conv2d', { kernelSize: 2, filters: 1, activityRegularizer: 'l1l2' }, '`activity_regularizer` {'],
  ['depthwiseConv2d', { kernelSize: 2, dilationRate: 2 }, '`dilation_rate` [2,2]'],
  ['maxPooling2d', { padding: 'symmetric' }, "`padding` 'symmetric'"],
] as const)('refuses %s %j, which plain TensorFlow.js lacks', async (name, args, missing) => {
  const make = factories[name] as (args: object) => tfl.layers.Layer;
  const inputShape = name === 'separableConv1d' ? [6, 2] : [6, 6, 2];
  const model = tfl.sequential({ layers: [make({ ...args, name: 'mine', inputShape })] });
  const { box, handler } = memory();
  const saving = model.save(portable(handler));
  await expect(saving).rejects.toThrow(`portable: plain TensorFlow.js has no ${missing}`);
  await expect(saving).rejects.toThrow(/the layer 'mine' uses; .* import '@xcp\/layers' where it is loaded/);
  expect(box.artifacts).toBeUndefined();
});
