import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { batchNormalization } from './batch-normalization';
import { conv2d } from './conv2d';
import { depthwiseConv2d } from './depthwise-conv2d';
import { reLU } from './relu-layer';
import { type SeparableConv2DArgs, separableConv2d } from './separable-conv2d';
import { expectClose, wave } from './test-tools';

beforeAll(() => tf.setBackend('cpu'));

const inputShape = [6, 5, 3];
const between = { batchNormalization: { momentum: 0.5, epsilon: 0.01 }, activation: 'relu' as const };
const window = { kernelSize: 3, strides: 2, padding: 'symmetric' as const };

/** The layer, and the layers that it is made of, with the same weights. */
function both(order: SeparableConv2DArgs['order']) {
  const one = tfl.sequential({
    layers: [
      separableConv2d({ ...window, name: 'one', filters: 4, order, depthMultiplier: 2, between, inputShape }),
    ],
  });
  const isDepthwiseFirst = order === 'depthwise-first';
  const mixing = { kernelSize: 1, filters: isDepthwiseFirst ? 4 : 2, name: 'mixing' };
  const filtering = { ...window, depthMultiplier: 2, name: 'filtering' };
  const middle = [batchNormalization({ ...between.batchNormalization, name: 'bn' }), reLU()];
  const parts = tfl.sequential({
    layers: isDepthwiseFirst
      ? [depthwiseConv2d({ ...filtering, inputShape }), ...middle, conv2d(mixing)]
      : [conv2d({ ...mixing, inputShape }), ...middle, depthwiseConv2d(filtering)],
  });
  const layer = one.layers[0]!;
  const values = layer.getWeights().map((w, i) => tf.add(tf.abs(wave(w.shape, i)), 0.1));
  layer.setWeights(values);
  const [depthwise, pointwise, ...normalization] = values;
  parts.getLayer('filtering').setWeights([depthwise!]);
  parts.getLayer('mixing').setWeights([pointwise!]);
  parts.getLayer('bn').setWeights(normalization);
  return { one, parts, layer };
}

it.each(['depthwise-first', 'pointwise-first'] as const)(
  '%s: is the layers that it is made of, in inference and in training',
  (order) => {
    const { one, parts, layer } = both(order);
    expect(layer.weights.map((w) => w.name.replace(/_\d+$/, ''))).toEqual([
      'one/depthwise_kernel',
      'one/pointwise_kernel',
      'one/between_gamma',
      'one/between_beta',
      'one/between_moving_mean',
      'one/between_moving_variance',
    ]);
    const x = wave([4, ...inputShape]);
    expectClose(one.predict(x) as tf.Tensor, parts.predict(x) as tf.Tensor);

    const step = (model: tfl.Sequential) => () => {
      const y = model.apply(x, { training: true }) as tf.Tensor;
      return tf.sum(tf.mul(y, wave(y.shape, 1))) as tf.Scalar;
    };
    const [a, b] = [one, parts].map((model) => tf.variableGrads(step(model)));
    expectClose(a!.value, b!.value, 1e-3);
    const gradients = (name: string) => parts.getLayer(name).trainableWeights.map((w) => b!.grads[w.name]!);
    [...gradients('filtering'), ...gradients('mixing'), ...gradients('bn')].forEach((gradient, i) => {
      expectClose(a!.grads[layer.trainableWeights[i]!.name]!, gradient, 1e-3);
    });
    const statistics = parts.getLayer('bn').getWeights().slice(2);
    layer
      .getWeights()
      .slice(4)
      .forEach((moved, i) => {
        expectClose(moved, statistics[i]!);
      });
    one.dispose();
    parts.dispose();
  },
);

it.each([
  [
    'layer',
    (model: tfl.Sequential) => {
      model.layers[0]!.trainable = false;
    },
  ],
  [
    'model',
    (model: tfl.Sequential) => {
      model.trainable = false;
    },
  ],
])('a frozen %s normalizes with its moving statistics, which stay', (_, freeze) => {
  const { one, parts, layer } = both('depthwise-first');
  freeze(one);
  const before = layer.getWeights().map((w) => w.dataSync());
  const x = wave([4, ...inputShape]);
  expectClose(one.apply(x, { training: true }) as tf.Tensor, parts.predict(x) as tf.Tensor);
  layer.getWeights().forEach((w, i) => {
    expectClose(w, before[i]!, 1e-12);
  });
  one.dispose();
  parts.dispose();
});
