import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { dropout } from './dropout';
import { expectClose, expectNoLeak } from './test-tools';
import { setTrainingStep } from './training-step';

beforeAll(() => tf.setBackend('cpu'));

const training = { training: true };
const mask = (layer: { apply(x: tf.Tensor, args: object): unknown }) =>
  Array.from((layer.apply(tf.ones([20, 50]), training) as tf.Tensor).dataSync());

it('drops its rate of the values, scales the others, and keeps the mean', () => {
  const values = mask(dropout({ rate: 0.25, seed: 1 }));
  const dropped = values.filter((value) => value === 0).length / values.length;
  expect(dropped).toBeGreaterThan(0.2);
  expect(dropped).toBeLessThan(0.3);
  expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
});

it('passes everything through when not training or at rate 0', () => {
  const x = tf.tensor1d([1, 2]);
  expectClose(dropout({ rate: 0.9, seed: 1 }).apply(x) as tf.Tensor, [1, 2]);
  expectClose(dropout({ rate: 0, seed: 1 }).apply(x, training) as tf.Tensor, [1, 2]);
});

it('sends the gradient through the same mask', () => {
  const layer = dropout({ rate: 0.5, seed: 3 });
  const x = tf.ones([8]);
  const model = tfl.sequential({ layers: [tfl.layers.inputLayer({ inputShape: [8] }), layer] });
  setTrainingStep(model, 5);
  const forward = layer.apply(x, training) as tf.Tensor;
  setTrainingStep(model, 5);
  expectClose(tf.grad((v) => layer.apply(v, training) as tf.Tensor)(x), forward);
});

it('draws a mask that depends on seed, step and call, and on nothing else', () => {
  const layer = dropout({ rate: 0.5, seed: 1, inputShape: [50] });
  const model = tfl.sequential({ layers: [tfl.sequential({ layers: [layer] })] });
  const run = (step: number) => {
    setTrainingStep(model, step);
    return [mask(layer), mask(layer)];
  };
  const first = run(7);
  expect(first[0]).not.toEqual(first[1]);
  expect(run(8)[0]).not.toEqual(first[0]);
  expect(run(7)).toEqual(first);
  expect(mask(dropout({ rate: 0.5, seed: 2 }))).not.toEqual(mask(dropout({ rate: 0.5, seed: 1 })));
});

it('is saved and loaded, and holds on to no tensor', async () => {
  const layer = dropout({ rate: 0.5, seed: 9, inputShape: [2] });
  const model = tfl.sequential({ layers: [layer] });
  const copy = await tfl.models.modelFromJSON(JSON.parse(model.toJSON() as string));
  expect(copy.layers[0]!.getConfig()).toEqual(layer.getConfig());
  const x = tf.ones([3, 2]);
  expectNoLeak(() => (layer.apply(x, training) as tf.Tensor).dispose());
});

it('rejects bad arguments', () => {
  expect(() => dropout({ rate: 1, seed: 1 })).toThrow(
    'dropout: `rate` must be at least 0 and below 1, received 1',
  );
  expect(() => dropout({ rate: 0.5, seed: -1 })).toThrow(/dropout: `seed` must be a whole number/);
});
