import * as tf from '@tensorflow/tfjs-core';

/**
 * Spreads a kernel [height, width, channels, multiplier] out with zeros between its taps, so that a plain
 * convolution with the result is the dilated convolution with the kernel.
 *
 * TensorFlow.js has no gradient for a dilated depthwise convolution; this way has one on every engine.
 */
export function dilateKernel(kernel: tf.Tensor4D, [rateY, rateX]: readonly [number, number]): tf.Tensor4D {
  if (rateY === 1 && rateX === 1) return kernel;
  const [height, width, channels, multiplier] = kernel.shape;
  return tf.tidy(() => {
    const taps = tf.reshape(kernel, [height, 1, width, 1, channels * multiplier]);
    const spread = tf.pad(taps, [
      [0, 0],
      [0, rateY - 1],
      [0, 0],
      [0, rateX - 1],
      [0, 0],
    ]);
    const whole = tf.reshape(spread, [height * rateY, width * rateX, channels, multiplier]);
    // Behind the last tap of each row and column there is nothing to keep apart.
    const size = [(height - 1) * rateY + 1, (width - 1) * rateX + 1, channels, multiplier];
    return tf.slice(whole, [0, 0, 0, 0], size) as tf.Tensor4D;
  });
}
