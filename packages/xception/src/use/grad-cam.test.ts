import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type * as tfl from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import golden from '../../fixtures/grad-cam/grad-cam.json';
import { type GradCamOptions, gradCam, loadWeights, xception } from '../index';
import { fixture, small } from '../weights/test-tools';

let model: tfl.LayersModel;
let image: tf.Tensor3D;
beforeAll(async () => {
  await tf.setBackend('cpu');
  model = xception(small);
  await loadWeights(model, fixture('keras-weights.h5.gz'));
  image = tf.tensor3d(
    Float32Array.from({ length: 39 * 39 * 3 }, (_, i) => Math.sin(i * 0.37)),
    [39, 39, 3],
  );
});
afterAll(() => {
  model.dispose();
  image.dispose();
});

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  const errors = Array.from(actual, (value, i) => Math.abs(value - expected[i]!));
  expect(Math.max(...errors)).toBeLessThan(1e-4);
}

describe('gradCam', () => {
  it.each(golden)('is what Keras gives: $layer, class $class', ({ layer, class: index, ...expected }) => {
    const before = tf.memory().numTensors;
    const map = gradCam(model, image, index, { layer, size: 'map' });
    const resized = gradCam(model, tf.expandDims(image), index, { layer });
    expect(resized.shape).toEqual([39, 39]);
    const every = (step: number) => (_: number, i: number) => i % step === 0;
    expectClose(map.dataSync().filter(every(map.size > 100 ? 7 : 1)), expected.map);
    expectClose(resized.dataSync().filter(every(7)), expected.image);
    tf.dispose([map, resized]);
    // The image with its batch axis is the one that is left.
    expect(tf.memory().numTensors).toBe(before + 1);
  });

  it('looks at the last map by default, and at the logit behind a softmax', async () => {
    const softmax = xception({ ...small, classifierActivation: 'softmax' });
    await loadWeights(softmax, fixture('keras-weights.h5.gz'));
    const expected = golden.find(({ layer, class: index }) => layer === 'features' && index === 2)!;
    expectClose(gradCam(softmax, image, 2, { size: 'map' }).dataSync(), expected.map);
    softmax.dispose();
  });

  it('is zero where nothing speaks for the class', () => {
    const silent = xception(small);
    const [kernel] = silent.getLayer('predictions').getWeights();
    silent.getLayer('predictions').setWeights([tf.neg(tf.onesLike(kernel!)), tf.zeros([5])]);
    expect(Math.max(...gradCam(silent, image, 0).dataSync())).toBe(0);
    silent.dispose();
  });

  it.each([
    [[39, 39, 3], 5, {}, '`classIndex` must be a whole number from 0 to 4, received 5'],
    [[39, 39, 3], 1.5, {}, '`classIndex` must be a whole number from 0 to 4, received 1.5'],
    [[2, 39, 39, 3], 0, {}, '`image` must be one image of [39,39,3], received [2,39,39,3]'],
    [[32, 32, 3], 0, {}, '`image` must be one image of [39,39,3], received [32,32,3]'],
    [[39, 39, 3], 0, { layer: 'block7' }, 'the model has no layer or block `block7`'],
    [[39, 39, 3], 0, { layer: 'avg_pool' }, '`layer` must give a map [batch, height, width, channels]'],
    [[39, 39, 3], 0, { size: 'full' }, "`size` must be 'image' or 'map', received \"full\""],
    [[39, 39, 3], 0, { resize: true }, 'unknown key `resize`; did you mean `size`?'],
  ])('rejects an image of %j, class %j, %j', (shape, index, options, message) => {
    const zeros = tf.zeros(shape);
    const before = tf.memory().numTensors;
    expect(() => gradCam(model, zeros, index, options as GradCamOptions)).toThrow(`gradCam: ${message}`);
    expect(tf.memory().numTensors).toBe(before);
    zeros.dispose();
  });
});
