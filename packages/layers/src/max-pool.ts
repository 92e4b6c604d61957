import * as tf from '@tensorflow/tfjs-core';
import { padInput, type Window } from './window';

/** The least float32: what a maximum does not see. Engines on a GPU are not sure to know −∞. */
const LEAST = -3.4028234663852886e38;

/** The largest value under a window, for each channel of `x` [batch, height, width, channels]. */
export function maxPool(x: tf.Tensor4D, window: Window): tf.Tensor4D {
  const { input, pad } = padInput(x, window, LEAST);
  return tf.maxPool(input, window.kernelSize, window.strides, pad);
}
