import * as tf from '@tensorflow/tfjs-core';
import { composedBatchNorm } from './batch-norm-composed';
import { fusedBatchNorm } from './batch-norm-fused';
import { synchronizedBatchNorm } from './batch-norm-synchronized';
import { tensorflowBatchNorm } from './batch-norm-tensorflow';
import { received } from './checks';
import { isRecomputing } from './recomputation';
import { type Save, withGradient } from './saved-tensors';

export interface BatchNormTrainOptions {
  /** How much of the moving statistics stays, from 0 to 1: moving · momentum + batch · (1 − momentum). */
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

/**
 * Batch normalization as training does it: (x − mean) / √(variance + ε) · gamma + beta, with the mean and
 * the biased variance of this batch, taken over every axis but the last.
 *
 * `x` is [..., channels], the others [channels]. Moves `movingMean` and `movingVariance` towards the batch's
 * statistics, in place. One op with one closed-form gradient: the engine's `XcpBatchNormTrain` kernels
 * where it has them, TensorFlow's training op on tfjs-node and tfjs-node-gpu, else composed of TensorFlow.js
 * ops; within `withSynchronizedBatchNorm` always composed. Only first derivatives are supported.
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
  const engine = synchronizedBatchNorm() ?? fusedBatchNorm() ?? tensorflowBatchNorm() ?? composedBatchNorm;
  // The first time has moved them.
  const moving = { movingMean, movingVariance, momentum: isRecomputing() ? 1 : momentum };
  // A custom gradient rather than a registered one, so that y is kept only where the gradient reads it.
  const op = tf.customGrad((...args) => {
    const [x, gamma, beta, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, Save];
    const { y, saved } = engine.forward({ x, gamma, beta, ...moving, epsilon, relu, unbiasedVariance });
    return withGradient(y, save, [x, gamma, ...saved], (dy, [x, gamma, ...saved]) => {
      rejectSecondDerivative();
      return engine.gradient(dy, x as tf.Tensor, gamma as tf.Tensor, saved, { epsilon, relu });
    });
  });
  return op(x, gamma, beta) as T;
}

/** The batch's statistics are saved as constants, so a derivative of this gradient would be wrong. */
function rejectSecondDerivative(): void {
  if (!tf.engine().isTapeOn()) return;
  throw new Error(
    'batchNormTrain: only first derivatives are supported; for second ones normalize with `tf.moments`',
  );
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
