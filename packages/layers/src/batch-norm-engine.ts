import * as tf from '@tensorflow/tfjs-core';

/** One call of batch normalization in training. */
export interface BatchNormCall {
  /** [..., channels]; what follows is [channels]. */
  x: tf.Tensor;
  gamma: tf.Tensor;
  beta: tf.Tensor;
  movingMean: tf.Variable;
  movingVariance: tf.Variable;
  /** 1 where the moving statistics stay as they are. */
  momentum: number;
  epsilon: number;
  relu: boolean;
  unbiasedVariance: boolean;
}

/** How an engine normalizes a batch. */
export interface BatchNormEngine {
  /** Moves the moving statistics. `saved` is what the gradient reads beside x and gamma. */
  forward(call: BatchNormCall): { y: tf.Tensor; saved: tf.Tensor[] };
  /** The gradients of x, gamma and beta. */
  gradient(
    dy: tf.Tensor,
    x: tf.Tensor,
    gamma: tf.Tensor,
    saved: tf.Tensor[],
    options: Pick<BatchNormCall, 'epsilon' | 'relu'>,
  ): tf.Tensor[];
}

/** [..., channels] → [rows, channels]. */
export function rows(x: tf.Tensor): tf.Tensor2D {
  return tf.reshape(x, [-1, x.shape.at(-1)!]);
}

/** Moves the moving statistics towards the mean of a batch of `n` rows and its variance, which is given with bias. */
export function move(
  { x, movingMean, movingVariance, momentum, unbiasedVariance }: BatchNormCall,
  mean: tf.Tensor,
  variance: tf.Tensor,
  n = rows(x).shape[0],
): void {
  if (momentum === 1) return;
  const moved = (moving: tf.Tensor, batch: tf.Tensor) =>
    tf.add(tf.mul(moving, momentum), tf.mul(batch, 1 - momentum));
  // Of a single value the variance is 0, whatever it is multiplied by.
  const unbiased = unbiasedVariance && n > 1 ? tf.mul(variance, n / (n - 1)) : variance;
  movingMean.assign(moved(movingMean, mean));
  movingVariance.assign(moved(movingVariance, unbiased));
}
