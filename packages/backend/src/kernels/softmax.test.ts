import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { finite, plain, runs } from '../testing/arbitraries';
import { runKernel } from '../testing/kernels';
import { expectClose, expectSame, itXcp, type Plain } from '../testing/on-both';

/** The definition and its gradient by the logits, in double precision. */
function naive(logits: Plain, labels: Plain, smoothing: number) {
  const [rows, columns] = logits.shape as [number, number];
  let loss = 0;
  const gradient: number[] = [];
  for (let r = 0; r < rows; r++) {
    const row = Array.from(logits.values.slice(r * columns, (r + 1) * columns));
    const largest = Math.max(...row);
    const logSum = largest + Math.log(row.reduce((sum, z) => sum + Math.exp(z - largest), 0));
    const targets = row.map((_, c) => smoothing / columns + (c === labels.values[r] ? 1 - smoothing : 0));
    const weight = targets.reduce((sum, t) => sum + t, 0);
    row.forEach((z, c) => {
      loss -= (targets[c]! * (z - logSum)) / rows;
      gradient.push((weight * Math.exp(z - logSum) - targets[c]!) / rows);
    });
  }
  return { loss, gradient };
}

const run = (logits: Plain, labels: Plain, labelSmoothing: number) =>
  runKernel('xcp', 'XcpSoftmaxCrossEntropy', { logits, labels }, { labelSmoothing });

describe('XcpSoftmaxCrossEntropy', () => {
  itXcp('is what its definition says, and so is its gradient', () =>
    fc.assert(
      fc.asyncProperty(
        fc.tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1, 3, 10, 37)).chain(([rows, columns]) =>
          fc.tuple(
            plain([rows, columns], 'float32', finite),
            // −1 is the label of no class.
            plain([rows], 'int32', fc.integer({ min: -1, max: columns - 1 })),
            fc.constantFrom(0, 0.1, 0.5),
          ),
        ),
        async ([logits, labels, smoothing]) => {
          const [loss, gradient] = await run(logits, labels, smoothing);
          const expected = naive(logits, labels, smoothing);
          expect(loss!.shape).toEqual([]);
          expect(gradient!.shape).toEqual(logits.shape);
          expectClose(loss!.values, [expected.loss], 1e-6);
          expectClose(gradient!.values, expected.gradient, 1e-6);
        },
      ),
      runs(40),
    ),
  );
  itXcp('does not overflow, and takes a logit of −∞ that is no target', async () => {
    const logits = { shape: [2, 2], values: Float32Array.of(1e4, 0, 0, -Infinity) };
    const labels = { shape: [2], values: Int32Array.of(1, 0), dtype: 'int32' as const };
    const [loss, gradient] = await run(logits, labels, 0);
    expect(loss!.values).toEqual([5000]);
    expect(gradient!.values).toEqual([0.5, -0.5, 0, 0]);
  });
  itXcp('refuses labels of another number or dtype', async () => {
    const logits = { shape: [2, 3], values: new Float32Array(6) };
    const few = { shape: [1], values: Int32Array.of(0), dtype: 'int32' as const };
    const floats = { shape: [2], values: Float32Array.of(0, 1) };
    await expect(run(logits, few, 0)).rejects.toThrow('`labels` must be int32 [2], received int32 [1]');
    await expect(run(logits, floats, 0)).rejects.toThrow('`labels` must be int32 [2], received float32 [2]');
    tf.disposeVariables();
  });
});

describe('log-softmax', () => {
  itXcp('runs natively with its gradient', () =>
    expectSame([[5, 7]], (x) => [
      tf.logSoftmax(x as tf.Tensor2D),
      tf.grad((v) => tf.sum(tf.mul(tf.logSoftmax(v as tf.Tensor2D), tf.range(0, 7))))(x),
    ]),
  );
});
