import * as tf from '@tensorflow/tfjs-core';

/**
 * How many images have their label among the `k` classes of the highest logits `[n, classes]`, a scalar; of equal
 * logits the first comes first, as with the highest one.
 */
export function countInTopK(logits: tf.Tensor2D, labels: tf.Tensor1D, k: number): tf.Scalar {
  const classes = tf.range(0, logits.shape[1], 1, 'int32');
  const label = tf.expandDims(labels, 1);
  const own = tf.sum(tf.mul(logits, tf.cast(tf.equal(classes, label), 'float32')), 1, true);
  const higher = tf.cast(tf.greater(logits, own), 'float32');
  const equal = tf.mul(
    tf.cast(tf.equal(logits, own), 'float32'),
    tf.cast(tf.less(classes, label), 'float32'),
  );
  const before = tf.sum(tf.add(higher, equal), 1);
  return tf.sum(tf.cast(tf.less(before, k), 'float32'));
}
