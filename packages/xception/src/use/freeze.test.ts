import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { countParameters, freeze, unfreeze, xception } from '../index';
import { small } from '../weights/test-tools';

beforeAll(() => tf.setBackend('cpu'));

/** Takes a training step and gives the names of the weights that it changed. */
function movedBy(model: tfl.LayersModel): string[] {
  const values = () => model.weights.map((weight) => Array.from(weight.read().dataSync()).join());
  const before = values();
  tf.tidy(() => {
    const x = tf.randomUniform([4, 39, 39, 3], -1, 1, 'float32', 3);
    const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 3], 'int32'), 5);
    const optimizer = tf.train.sgd(0.1);
    optimizer.minimize(
      () => tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true }) as tf.Tensor),
      false,
      model.trainableWeights.map((weight) => weight.read() as tf.Variable),
    );
  });
  const after = values();
  return model.weights.filter((_, i) => before[i] !== after[i]).map((weight) => weight.originalName);
}

describe('freeze', () => {
  it('keeps weights and statistics up to a block, and lets the rest train', () => {
    const model = xception(small);
    const names = freeze(model, 'block4').map((layer) => layer.name);
    expect(names).toContain('block3_residual_bn');
    expect(names.at(-1)).toBe('block4_add');
    const moved = movedBy(model);
    expect(moved.filter((name) => /^block[1234]_/.test(name))).toEqual([]);
    for (const name of ['block5_residual_bn/moving_mean', 'block5_sepconv1/pointwise_kernel']) {
      expect(moved).toContain(name);
    }
    expect(moved).toContain('predictions/kernel');
    model.dispose();
  });

  it('normalizes frozen layers with their moving statistics while the rest trains', () => {
    const model = xception(small);
    freeze(model, 'features');
    tf.tidy(() => {
      const x = tf.randomUniform([2, 39, 39, 3], -1, 1, 'float32', 5);
      const [training, inference] = [true, false].map((training) =>
        Array.from((model.apply(x, { training }) as tf.Tensor).dataSync()),
      );
      expect(training).toEqual(inference);
    });
    // The classifier alone: 8 features and a bias for each of 5 classes.
    expect(countParameters(model).trainable).toBe(45);
    expect(movedBy(model).toSorted()).toEqual(['predictions/bias', 'predictions/kernel']);
    model.dispose();
  });

  it('takes a layer, and what runs beside it goes on training', () => {
    const model = xception(small);
    const before = countParameters(model);
    freeze(model, 'block2_sepconv2_bn');
    expect(model.getLayer('block2_sepconv1').trainable).toBe(false);
    expect(model.getLayer('block2_residual_conv').trainable).toBe(true);
    expect(countParameters(model)).not.toEqual(before);
    unfreeze(model);
    expect(countParameters(model)).toEqual(before);
    model.dispose();
  });

  it('names the nearest layer, and refuses a batch normalization that would not stay', () => {
    const model = xception(small);
    const { trainable } = countParameters(model);
    expect(() => freeze(model, 'blok4')).toThrow(
      'freeze: the model has no layer or block `blok4`; did you mean',
    );
    expect(countParameters(model).trainable).toBe(trainable);
    const own = tfl.sequential({
      layers: [
        tfl.layers.conv2d({ filters: 2, kernelSize: 1, inputShape: [4, 4, 1], name: 'block1_conv' }),
        tfl.layers.batchNormalization({ name: 'block1_bn' }),
      ],
    });
    expect(() => freeze(own, 'block1')).toThrow(
      "freeze: layer `block1_bn` is TensorFlow.js's own batch normalization",
    );
    expect(own.layers.map((layer) => layer.trainable)).not.toContain(false);
    model.dispose();
    own.dispose();
  });
});
