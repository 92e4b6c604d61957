import * as tf from '@tensorflow/tfjs-core';

/**
 * Mean softmax cross-entropy of `logits` `[n, classes]` against integer `labels` `[n]`, a scalar.
 *
 * With label smoothing s the target is 1 − s on the label plus s / classes everywhere. The log-softmax is taken at
 * once, with the largest logit subtracted, so that no logit overflows.
 *
 * @example softmaxCrossEntropy(tf.tensor2d([[2, 0]]), tf.tensor1d([0], 'int32'), 0.1);
 * @see Szegedy et al., "Rethinking the Inception Architecture", section 7; torch.nn.CrossEntropyLoss
 */
export function softmaxCrossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  labelSmoothing: number,
): tf.Scalar {
  return tf.tidy(() => {
    const classes = logits.shape[1];
    const off = labelSmoothing / classes;
    const target = tf.oneHot(labels, classes, 1 - labelSmoothing + off, off, 'float32');
    return tf.neg(tf.mean(tf.sum(tf.mul(target, tf.logSoftmax(logits)), 1))) as tf.Scalar;
  });
}
