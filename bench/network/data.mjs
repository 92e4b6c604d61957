import * as tf from '@tensorflow/tfjs-core';
import { CLASSES } from './model.mjs';

/** Images and labels of one batch, the same for every contender. */
export function makeBatch({ size, batch }) {
  const images = tf.randomNormal([batch, size, size, 3], 0, 1, 'float32', 1);
  const labels = tf.tensor1d(
    Array.from({ length: batch }, (_, i) => i % CLASSES),
    'int32',
  );
  return { images, labels };
}
