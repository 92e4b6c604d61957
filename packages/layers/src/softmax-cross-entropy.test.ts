import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { softmaxCrossEntropy } from './softmax-cross-entropy';
import { expectClose, numericGradient, wave } from './test-tools';

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

  it("is PyTorch's", () => {
    // torch.nn.CrossEntropyLoss(label_smoothing=0.1)(torch.tensor([[2., 0, -1], [.5, 3, 1]]), torch.tensor([0, 2]))
    const logits = [
      [2, 0, -1],
      [0.5, 3, 1],
    ];
    expect(run(logits, [0, 2], 0.1)).toBeCloseTo(1.2416233915712847, 6);
    expect(run(logits, [0, 2], 0)).toBeCloseTo(1.1832900582379513, 6);
  });

  it.each([0, 0.2])('has the gradient of finite differences (smoothing %d)', (smoothing) => {
    const labels = tf.tensor1d([1, 0, 2, 2], 'int32');
    const loss = (x: tf.Tensor) => softmaxCrossEntropy(x as tf.Tensor2D, labels, smoothing);
    const x = wave([4, 3]);
    expectClose(tf.grad(loss)(x), numericGradient(loss, x, tf.scalar(1)), 1e-3);
  });

  it('rejects bad input', () => {
    const [logits, labels] = [tf.ones<tf.Rank.R2>([2, 3]), tf.tensor1d([0, 1], 'int32')];
    expect(() => softmaxCrossEntropy(logits, labels, 1)).toThrow(
      'softmaxCrossEntropy: `labelSmoothing` must be at least 0 and below 1, received 1',
    );
    expect(() => softmaxCrossEntropy(tf.ones([2] as never) as tf.Tensor2D, labels)).toThrow(
      '`logits` must have shape [n, classes], received [2]',
    );
    expect(() => softmaxCrossEntropy(logits, tf.tensor1d([0, 1]))).toThrow(
      '`labels` must be int32 [2], the numbers of the classes, received float32 [2]',
    );
  });
});
