import type * as tf from '@tensorflow/tfjs-core';
import type { BatchNormEngine } from './batch-norm-engine';
import { fusedKernel } from './fused-kernel';

/** Batch normalization by an engine's kernels `XcpBatchNormTrain` and `XcpBatchNormTrainGrad`, if it has them. */
export function fusedBatchNorm(): BatchNormEngine | null {
  const train = fusedKernel('XcpBatchNormTrain');
  const trainGrad = fusedKernel('XcpBatchNormTrainGrad');
  if (!train || !trainGrad) return null;
  return {
    forward({ x, gamma, beta, movingMean, movingVariance, ...attrs }) {
      const outputs = train({ x, gamma, beta, movingMean, movingVariance }, attrs);
      const [y, mean, invStd] = outputs as [tf.Tensor, tf.Tensor, tf.Tensor];
      return { y, saved: [mean, invStd, ...(attrs.relu ? [y] : [])] };
    },

    gradient(dy, x, gamma, saved, { relu }) {
      // Without a rectifier the gradient does not look at y, and x stands in for it.
      const [mean, invStd, y = x] = saved as [tf.Tensor, tf.Tensor, tf.Tensor?];
      return trainGrad({ x, y, dy, gamma, mean, invStd }, { relu }) as tf.Tensor[];
    },
  };
}
