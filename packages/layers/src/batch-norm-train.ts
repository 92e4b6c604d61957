import * as tf from '@tensorflow/tfjs-core';
import { received } from './checks';
import { fusedKernel } from './fused-kernel';
import { type Save, withGradient } from './saved-tensors';

export interface BatchNormTrainOptions {
  /** How much of the moving statistics stays: moving · momentum + batch · (1 − momentum). */
  momentum: number;
  /** Added to the variance before its root is taken. */
  epsilon: number;
  /** Whether a rectifier follows in the same op. Default false. */
  relu?: boolean;
  /**
   * Whether the moving variance, and it alone, takes the unbiased variance of the batch, n / (n − 1) times
   * the biased one, as in PyTorch. Default false, as in Keras.
   */
  unbiasedVariance?: boolean;
}

type Options = Required<BatchNormTrainOptions>;

/**
 * Batch normalization as training does it: (x − mean) / √(variance + ε) · gamma + beta, with the mean and
 * the biased variance of this batch, taken over every axis but the last.
 *
 * `x` is [..., channels], the others [channels]. Moves `movingMean` and `movingVariance` towards the batch's
 * statistics, in place. One op with one closed-form gradient: the engine's `XcpBatchNormTrain` kernels
 * where it has them, else composed of TensorFlow.js ops. Only first derivatives are supported.
 *
 * @example
 * const y = batchNormTrain(x, gamma, beta, movingMean, movingVariance, { momentum: 0.99, epsilon: 1e-3 });
 * @throws if the vectors do not have one entry per channel.
 * @see Ioffe and Szegedy, "Batch Normalization", algorithms 1 and 2;
 *   keras/src/layers/normalization/batch_normalization.py
 */
export function batchNormTrain<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  movingMean: tf.Variable,
  movingVariance: tf.Variable,
  { momentum, epsilon, relu = false, unbiasedVariance = false }: BatchNormTrainOptions,
): T {
  checkChannels(x, { gamma, beta, movingMean, movingVariance });
  const options = { momentum, epsilon, relu, unbiasedVariance };
  // A custom gradient rather than a registered one, so that y is kept only where the gradient reads it.
  const op = tf.customGrad((...args) => {
    const [x, gamma, beta, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, Save];
    const [y, mean, invStd] = forward(x, gamma, beta, movingMean, movingVariance, options);
    // Without a rectifier the gradient does not look at y, and x stands in for it.
    const tensors = [x, gamma, mean, invStd, ...(relu ? [y] : [])];
    return withGradient(y, save, tensors, (dy, tensors) => gradient(dy, tensors, options));
  });
  return op(x, gamma, beta) as T;
}

/** y, the mean and 1 / √(variance + ε). */
function forward(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  movingMean: tf.Variable,
  movingVariance: tf.Variable,
  options: Options,
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const run = fusedKernel('XcpBatchNormTrain');
  if (run) {
    const inputs = { x, gamma, beta, movingMean, movingVariance };
    return run(inputs, { ...options }) as [tf.Tensor, tf.Tensor, tf.Tensor];
  }
  const { mean, variance } = tf.moments(rows(x), 0);
  const normalized = tf.batchNorm(
    rows(x),
    mean as tf.Tensor1D,
    variance as tf.Tensor1D,
    beta as tf.Tensor1D,
    gamma as tf.Tensor1D,
    options.epsilon,
  );
  const y = tf.reshape(normalized, x.shape);
  move(movingMean, mean, options.momentum);
  const n = x.size / gamma.size;
  // Of a single value the variance is 0, whatever it is multiplied by.
  const unbiased = options.unbiasedVariance && n > 1 ? tf.mul(variance, n / (n - 1)) : variance;
  move(movingVariance, unbiased, options.momentum);
  const invStd = tf.rsqrt(tf.add(variance, options.epsilon));
  return [options.relu ? tf.relu(y) : y, mean, invStd];
}

/** The gradients of x, gamma and beta. */
function gradient(dy: tf.Tensor, saved: tf.Tensor[], { relu }: Options): tf.Tensor[] {
  // The batch's statistics are saved as constants, so a derivative of this gradient would be wrong.
  if (tf.engine().isTapeOn()) {
    throw new Error(
      'batchNormTrain: only first derivatives are supported; for second ones normalize with `tf.moments`',
    );
  }
  const [x, gamma, mean, invStd, y = x] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor?];
  const run = fusedKernel('XcpBatchNormTrainGrad');
  return run
    ? (run({ x, y, dy, gamma, mean, invStd }, { relu }) as tf.Tensor[])
    : tf.tidy(() => composedGradient(x, relu ? tf.mul(dy, tf.step(y)) : dy, gamma, mean, invStd));
}

function composedGradient(
  x: tf.Tensor,
  dy: tf.Tensor,
  gamma: tf.Tensor,
  mean: tf.Tensor,
  invStd: tf.Tensor,
): tf.Tensor[] {
  const dyRows = rows(dy);
  const normalized = tf.mul(tf.sub(rows(x), mean), invStd);
  const dbeta = tf.sum(dyRows, 0);
  const dgamma = tf.sum(tf.mul(dyRows, normalized), 0);
  const n = dyRows.shape[0];
  // The batch's mean and variance move with x, which takes away what dy has in common with 1 and with x.
  const common = tf.add(tf.div(dbeta, n), tf.mul(normalized, tf.div(dgamma, n)));
  const dx = tf.mul(tf.sub(dyRows, common), tf.mul(gamma, invStd));
  return [tf.reshape(dx, x.shape), dgamma, dbeta];
}

function move(moving: tf.Variable, batch: tf.Tensor, momentum: number): void {
  moving.assign(tf.add(tf.mul(moving, momentum), tf.mul(batch, 1 - momentum)));
}

/** [..., channels] → [rows, channels]. */
function rows(x: tf.Tensor): tf.Tensor2D {
  return tf.reshape(x, [-1, x.shape.at(-1)!]);
}

function checkChannels(x: tf.Tensor, vectors: Record<string, tf.Tensor>): void {
  const channels = x.shape.at(-1);
  for (const [name, vector] of Object.entries(vectors)) {
    if (vector.rank !== 1 || vector.shape[0] !== channels) {
      throw new Error(
        `batchNormTrain: \`${name}\` must have shape [${channels}], one entry per channel of \`x\`, ` +
          `received ${received(vector.shape)}`,
      );
    }
  }
}
