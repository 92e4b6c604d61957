import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BatchNormalizationArgs, batchNormalization } from './batch-normalization';
import {
  camelCased,
  disposeWeights,
  expectClose,
  expectNoLeak,
  golden,
  numericGradient,
  toTensor,
  wave,
} from './test-tools';

beforeAll(() => tf.setBackend('cpu'));

function built(args: BatchNormalizationArgs, channels: number, weights?: tf.Tensor[]) {
  const layer = batchNormalization(args);
  layer.build([null, channels]);
  if (weights) layer.setWeights(weights);
  return layer;
}
const bothVectors = () => [wave([2]), wave([2], 1), wave([2], 2), tf.tensor1d([0.5, 2])];

describe('against Keras', () => {
  it.each(Object.entries(golden.batchNormalization))(
    '%s: outputs, gradients, moving statistics',
    (name, example) => {
      const training = name.startsWith('training');
      const args = camelCased(example.config) as BatchNormalizationArgs;
      const layer = built(args, example.x.shape.at(-1)!, example.weights.map(toTensor));
      const x = toTensor(example.x);
      const dy = tf.tensor(example.dy, example.y.shape);
      const apply = (input: tf.Tensor) => layer.apply(input, { training }) as tf.Tensor;
      expectClose(apply(x), example.y.values);
      layer.getWeights().forEach((weight, i) => {
        expectClose(weight, example.weightsAfter[i]!);
      });
      expectClose(tf.grad(apply)(x, dy), example.dx);
      const { grads } = tf.variableGrads(() => tf.sum(tf.mul(apply(x), dy)) as tf.Scalar);
      layer.trainableWeights.forEach((weight, i) => {
        expectClose(grads[weight.name]!, example.dweights[i]!);
      });
      expect(Object.keys(grads)).toHaveLength(example.dweights.length);
      disposeWeights(layer);
    },
  );
});

describe('frozen', () => {
  it.each(['layer', 'model'])(
    'by its %s: normalizes with its moving statistics, and nothing moves',
    (how) => {
      const layer = batchNormalization({ inputShape: [2] });
      const model = tfl.sequential({ layers: [layer] });
      layer.setWeights(bothVectors());
      const x = wave([5, 2]);
      const dy = wave([5, 2], 1);
      const expected = model.predict(x) as tf.Tensor;
      const before = layer.getWeights().map((w) => Array.from(w.dataSync()));

      if (how === 'layer') layer.trainable = false;
      else model.trainable = false;
      const apply = (input: tf.Tensor) => model.apply(input, { training: true }) as tf.Tensor;
      expectClose(apply(x), expected, 1e-7);
      expectClose(tf.grad(apply)(x, dy), numericGradient(apply, x, dy), 1e-2);
      expect(layer.getWeights().map((w) => Array.from(w.dataSync()))).toEqual(before);

      if (how === 'layer') layer.trainable = true;
      else model.trainable = true;
      apply(x);
      expect(layer.getWeights().map((w) => Array.from(w.dataSync()))).not.toEqual(before);
      model.dispose();
    },
  );

  it.each([{ scale: false }, { center: false }, { scale: false, center: false }])(
    'has a gradient with %j',
    (args) => {
      const layer = built({ ...args, trainable: false, movingMeanInitializer: 'ones' }, 2);
      const apply = (input: tf.Tensor) => layer.apply(input, { training: true }) as tf.Tensor;
      const [x, dy] = [wave([1, 2, 2, 2]), wave([1, 2, 2, 2], 1)];
      expectClose(tf.grad(apply)(x, dy), numericGradient(apply, x, dy), 1e-2);
      disposeWeights(layer);
    },
  );
});

describe('configuration', () => {
  it('survives saving and loading, with the weights in the order of Keras', () => {
    const layer = batchNormalization({
      name: 'bn',
      momentum: 0.5,
      epsilon: 0.01,
      unbiasedVariance: true,
      gammaInitializer: 'zeros',
      betaRegularizer: tfl.regularizers.l2({ l2: 0.5 }),
      gammaConstraint: 'nonNeg',
      trainable: false,
      inputShape: [3],
    });
    const model = tfl.sequential({ layers: [layer] });
    const loaded = tfl.models.modelFromJSON(JSON.parse(model.toJSON() as string));
    return loaded.then((copy) => {
      expect(copy.layers[0]!.getConfig()).toEqual(layer.getConfig());
      expect(copy.layers[0]!.getClassName()).toBe('XcpBatchNormalization');
      expect(layer.weights.map((w) => w.originalName.replace(/.*\//, ''))).toEqual([
        'gamma',
        'beta',
        'moving_mean',
        'moving_variance',
      ]);
      model.dispose();
      copy.dispose();
    });
  });

  it('holds on to no tensor', () => {
    const layer = built({ scale: false }, 2);
    const x = wave([2, 2, 2, 2]);
    for (const training of [true, false]) {
      const apply = () => layer.apply(x, { training }) as tf.Tensor;
      expectNoLeak(() => apply().dispose());
      expectNoLeak(() => tf.dispose(tf.variableGrads(() => tf.sum(apply()) as tf.Scalar)));
    }
    disposeWeights(layer);
  });

  it.each([
    [{ axis: 1 }, /`axis` must be -1, the last one, received 1/],
    [{ momentum: 1 }, /`momentum` must be at least 0 and below 1, received 1/],
    [{ unbiasedVariance: 1 }, /`unbiasedVariance` must be true or false, received 1/],
    [{ epsilon: 0 }, /`epsilon` must be positive, received 0/],
    [
      { gammaInitializer: 'one' },
      /^batchNormalization: `gammaInitializer` must be the name of a TensorFlow.js initializer/,
    ],
  ])('rejects %j', (args, message) => {
    expect(() => batchNormalization(args as BatchNormalizationArgs)).toThrow(message);
  });

  it('rejects an input whose number of channels is not known', () => {
    expect(() => batchNormalization().build([null, null])).toThrow(/last axis .* received \[null,null\]/);
  });
});
