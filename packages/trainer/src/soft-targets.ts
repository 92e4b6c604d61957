import * as tf from '@tensorflow/tfjs-core';
import type { Batch, MixedLabels } from './batch';

/**
 * What a network should say of images that are blends of two: for each a row of shares, `[n, classes]`. Label smoothing
 * spreads its part over all classes, as it does with a single label.
 */
export function softTargets(
  { labels }: Pick<Batch, 'labels'>,
  mixed: MixedLabels,
  classes: number,
  labelSmoothing: number,
): tf.Tensor2D {
  const targets = new Float32Array(labels.length * classes).fill(labelSmoothing / classes);
  labels.forEach((label, n) => {
    const share = mixed.shares[n]!;
    targets[n * classes + label]! += (1 - labelSmoothing) * share;
    targets[n * classes + mixed.labels[n]!]! += (1 - labelSmoothing) * (1 - share);
  });
  return tf.tensor2d(targets, [labels.length, classes]);
}

/** Mean cross-entropy of `logits` `[n, classes]` against rows of shares, a scalar. */
export function softCrossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1))) as tf.Scalar);
}
