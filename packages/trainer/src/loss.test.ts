import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { softmaxCrossEntropy } from './loss';

beforeAll(() => tf.setBackend('cpu'));

/** The definition, in double precision, one example at a time. */
function naive(logits: number[][], labels: number[], smoothing: number): number {
  const losses = logits.map((row, n) => {
    const largest = Math.max(...row);
    const logSum = largest + Math.log(row.reduce((sum, z) => sum + Math.exp(z - largest), 0));
    return row.reduce((loss, z, k) => {
      const target = smoothing / row.length + (k === labels[n] ? 1 - smoothing : 0);
      return loss - target * (z - logSum);
    }, 0);
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

const run = (logits: number[][], labels: number[], smoothing: number) => {
  const tensors = tf.memory().numTensors;
  const value = tf.tidy(
    () => softmaxCrossEntropy(tf.tensor2d(logits), tf.tensor1d(labels, 'int32'), smoothing).dataSync()[0]!,
  );
  expect(tf.memory().numTensors).toBe(tensors);
  return value;
};

describe('softmaxCrossEntropy', () => {
  it('is what its definition says', () => {
    const logit = fc.float({ min: -50, max: 50, noNaN: true });
    const example = fc.tuple(fc.array(logit, { minLength: 3, maxLength: 3 }), fc.nat(2));
    const smoothing = fc.constantFrom(0, 0.1, 0.5);
    fc.assert(
      fc.property(fc.array(example, { minLength: 1, maxLength: 4 }), smoothing, (examples, share) => {
        const logits = examples.map(([row]) => row);
        const labels = examples.map(([, label]) => label);
        const expected = naive(logits, labels, share);
        expect(Math.abs(run(logits, labels, share) - expected)).toBeLessThan(1e-5 * (1 + expected));
      }),
    );
  });

  it('does not overflow', () => {
    expect(run([[1e4, 0]], [0], 0)).toBeCloseTo(0, 6);
    expect(run([[1e4, 0]], [1], 0)).toBe(1e4);
  });
});
