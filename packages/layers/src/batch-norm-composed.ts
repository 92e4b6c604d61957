import * as tf from '@tensorflow/tfjs-core';
import { type BatchNormEngine, move, rows } from './batch-norm-engine';

/** Batch normalization of TensorFlow.js's ops, for an engine that has nothing better. */
export const composedBatchNorm: BatchNormEngine = {
  forward(call) {
    const { x, gamma, beta, epsilon, relu } = call;
    const { mean, variance } = tf.moments(rows(x), 0);
    const normalized = tf.batchNorm(
      rows(x),
      mean as tf.Tensor1D,
      variance as tf.Tensor1D,
      beta as tf.Tensor1D,
      gamma as tf.Tensor1D,
      epsilon,
    );
    move(call, mean, variance);
    const linear = tf.reshape(normalized, x.shape);
    const y = relu ? tf.relu(linear) : linear;
    return { y, saved: [mean, tf.rsqrt(tf.add(variance, epsilon)), ...(relu ? [y] : [])] };
  },

  gradient(dy, x, gamma, saved, { relu }) {
    const [mean, invStd, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor?];
    return tf.tidy(() => {
      const dyRows = rows(relu ? tf.mul(dy, tf.step(y!)) : dy);
      const normalized = tf.mul(tf.sub(rows(x), mean), invStd);
      const dbeta = tf.sum(dyRows, 0);
      const dgamma = tf.sum(tf.mul(dyRows, normalized), 0);
      const n = dyRows.shape[0];
      // The batch's mean and variance move with x, which takes away what dy has in common with 1 and with x.
      const common = tf.add(tf.div(dbeta, n), tf.mul(normalized, tf.div(dgamma, n)));
      const dx = tf.mul(tf.sub(dyRows, common), tf.mul(gamma, invStd));
      return [tf.reshape(dx, x.shape), dgamma, dbeta];
    });
  },
};
