import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { softmaxCrossEntropy } from '@xcp/layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { softCrossEntropy, softTargets } from './soft-targets';

beforeAll(() => tf.setBackend('cpu'));

const labels = Int32Array.of(2, 0, 1);
const others = Int32Array.of(0, 0, 2);
const shares = Float32Array.of(0.75, 0.5, 0);
const values = [
  [0.5, -1, 2],
  [1, 0, -3],
  [4, 4, 1],
];

describe('the loss of mixed images', () => {
  it.each([0, 0.1])('is that of both labels by their shares (label smoothing %f)', (smoothing) => {
    const one = (row: number[], label: number) =>
      tf.tidy(() =>
        softmaxCrossEntropy(tf.tensor2d([row]), tf.tensor1d([label], 'int32'), smoothing).arraySync(),
      );
    const expected = values.reduce(
      (sum, row, n) => sum + shares[n]! * one(row, labels[n]!) + (1 - shares[n]!) * one(row, others[n]!),
      0,
    );
    const before = tf.memory().numTensors;
    const loss = tf.tidy(() =>
      softCrossEntropy(
        tf.tensor2d(values),
        softTargets({ labels }, { labels: others, shares }, 3, smoothing),
      ).arraySync(),
    );
    expect(loss).toBeCloseTo(expected / 3, 5);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has the gradient of it', () => {
    const step = 1e-2;
    const lossOf = (logits: tf.Tensor) =>
      softCrossEntropy(logits as tf.Tensor2D, softTargets({ labels }, { labels: others, shares }, 3, 0));
    tf.tidy(() => {
      const gradient = tf.grad(lossOf)(tf.tensor2d(values)).arraySync() as number[][];
      for (const n of [0, 1, 2]) {
        for (const k of [0, 1, 2]) {
          const moved = (by: number) =>
            lossOf(
              tf.tensor2d(values.map((row, i) => row.map((v, j) => (i === n && j === k ? v + by : v)))),
            ).arraySync();
          expect(gradient[n]![k]).toBeCloseTo((moved(step) - moved(-step)) / (2 * step), 3);
        }
      }
    });
  });
});
