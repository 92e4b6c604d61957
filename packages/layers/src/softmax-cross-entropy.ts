import * as tf from '@tensorflow/tfjs-core';
import { fraction, received } from './checks';
import { fusedKernel } from './fused-kernel';

/**
 * Mean softmax cross-entropy of `logits` `[n, classes]` against integer `labels` `[n]`, a scalar.
 *
 * With label smoothing s the target is 1 − s on the label plus s / classes everywhere. The log-softmax is taken at
 * once, with the largest logit subtracted, so that no logit overflows. Where the engine has a kernel for the loss and
 * its gradient together, that runs.
 *
 * @example softmaxCrossEntropy(tf.tensor2d([[2, 0]]), tf.tensor1d([0], 'int32'), 0.1);
 * @throws if `logits` is not `[n, classes]`, `labels` not int32 `[n]`, or `labelSmoothing` not in [0, 1).
 * @see Szegedy et al., "Rethinking the Inception Architecture", section 7; torch.nn.CrossEntropyLoss
 */
export function softmaxCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D, labelSmoothing = 0): tf.Scalar {
  fraction('softmaxCrossEntropy', 'labelSmoothing', labelSmoothing);
  checkTensors(logits, labels);
  return (fusedKernel(KERNEL) ? fused : composed)(logits, labels, labelSmoothing);
}

const KERNEL = 'XcpSoftmaxCrossEntropy';

function composed(logits: tf.Tensor2D, labels: tf.Tensor1D, labelSmoothing: number): tf.Scalar {
  return tf.tidy(() => {
    const classes = logits.shape[1];
    const off = labelSmoothing / classes;
    const target = tf.oneHot(labels, classes, 1 - labelSmoothing + off, off, 'float32');
    return tf.neg(tf.mean(tf.sum(tf.mul(target, tf.logSoftmax(logits)), 1))) as tf.Scalar;
  });
}

function fused(logits: tf.Tensor2D, labels: tf.Tensor1D, labelSmoothing: number): tf.Scalar {
  const loss = tf.customGrad((x, save) => {
    const inputs = { logits: x as tf.Tensor, labels };
    const [value, gradient] = fusedKernel(KERNEL)!(inputs, { labelSmoothing }) as [tf.Scalar, tf.Tensor2D];
    (save as tf.GradSaveFunc)([gradient]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, saved[0]!),
    };
  });
  return tf.tidy(() => loss(logits)) as tf.Scalar;
}

function checkTensors(logits: tf.Tensor, labels: tf.Tensor): void {
  if (logits.rank !== 2) {
    throw new Error(
      `softmaxCrossEntropy: \`logits\` must have shape [n, classes], received ${received(logits.shape)}`,
    );
  }
  if (labels.dtype !== 'int32' || labels.rank !== 1 || labels.shape[0] !== logits.shape[0]) {
    throw new Error(
      `softmaxCrossEntropy: \`labels\` must be int32 [${logits.shape[0]}], the numbers of the classes, ` +
        `received ${labels.dtype} ${received(labels.shape)}`,
    );
  }
}
