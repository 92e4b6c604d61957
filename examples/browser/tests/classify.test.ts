import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { CIFAR10_MEAN, CIFAR10_STD } from '@xcp/cifar10';
import { beforeAll, expect, it } from 'vitest';
import { classify } from '../src/training/classify';
import { buildNetwork } from '../src/training/network';

beforeAll(() => tf.setBackend('cpu'));

it('classifies the middle of a picture as the network was trained to see it, and leaves no tensor', async () => {
  const model = buildNetwork({ data: 'cifar10', network: 'narrow', epochs: 1 });
  const before = tf.memory().numTensors;
  const COLOUR = [10, 100, 200];
  const [width, height] = [84, 64];
  // With margins of another colour, which are not looked at.
  const isMargin = (pixel: number) => pixel % width < 10 || pixel % width >= 74;
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) =>
    isMargin(Math.floor(i / 3)) ? 255 : COLOUR[i % 3]!,
  );
  const { predictions, heat, size } = await classify(model, 'cifar10', { width, height, data });
  expect(tf.memory().numTensors).toBe(before);

  const values = Float32Array.from(
    { length: 32 * 32 * 3 },
    (_, i) => (COLOUR[i % 3]! / 255 - CIFAR10_MEAN[i % 3]!) / CIFAR10_STD[i % 3]!,
  );
  const expected = tf.tidy(() =>
    tf.softmax(model.predict(tf.tensor(values, [1, 32, 32, 3])) as tf.Tensor).dataSync(),
  );
  expect(predictions).toHaveLength(5);
  for (const { index, score } of predictions) expect(score).toBeCloseTo(expected[index]!, 5);
  expect(predictions[0]!.score).toBe(Math.max(...predictions.map(({ score }) => score)));
  expect([heat.length, size]).toEqual([1024, 32]);
  expect(Math.max(...heat)).toBeLessThanOrEqual(1);
  model.dispose();
});
