import * as tf from '@tensorflow/tfjs-core';
import { type BatchNormEngine, move, rows } from './batch-norm-engine';

interface OpAttr {
  name: string;
  type: number;
  value: unknown;
}

/** What we use of the backend of tfjs-node and tfjs-node-gpu, whose own kernels call TensorFlow's ops in this way. */
interface NodeBackend {
  binding: Record<'TF_ATTR_TYPE' | 'TF_ATTR_FLOAT' | 'TF_ATTR_STRING' | 'TF_ATTR_BOOL' | 'TF_FLOAT', number>;
  executeMultipleOutputs(op: string, attrs: OpAttr[], inputs: tf.Tensor[], outputs: number): tf.Tensor[];
}

/**
 * Batch normalization by TensorFlow's training op, `FusedBatchNormV3`, on tfjs-node and tfjs-node-gpu; null elsewhere.
 *
 * TensorFlow.js itself calls that op for inference alone.
 *
 * @see tensorflow/core/api_def/base_api/api_def_FusedBatchNormV3.pbtxt
 */
export function tensorflowBatchNorm(): BatchNormEngine | null {
  const backend = tf.backend() as unknown as Partial<NodeBackend>;
  return tf.getBackend() === 'tensorflow' && backend.executeMultipleOutputs && backend.binding
    ? engineOf(backend as NodeBackend)
    : null;
}

function engineOf(backend: NodeBackend): BatchNormEngine {
  const { binding } = backend;
  const attrs = (epsilon: number): OpAttr[] => [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'U', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
  ];
  return {
    forward(call) {
      const { x, gamma, beta, epsilon, relu } = call;
      const images = asImages(x);
      const none = tf.tensor1d([]);
      const inputs = [images, gamma, beta, none, none];
      // The reserved ones are for the gradient, and differ from device to device.
      const outputs = backend.executeMultipleOutputs('FusedBatchNormV3', attrs(epsilon), inputs, 6);
      const [normalized, mean, unbiased, ...reserved] = outputs as [tf.Tensor, tf.Tensor, tf.Tensor];
      const n = rows(x).shape[0];
      move(call, mean, tf.mul(unbiased, Math.max(1, n - 1) / n));
      const linear = tf.reshape(normalized, x.shape);
      const y = relu ? tf.relu(linear) : linear;
      return { y, saved: [...reserved, ...(relu ? [y] : [])] };
    },

    gradient(dy, x, gamma, saved, { epsilon, relu }) {
      const [reserved, [y]] = [saved.slice(0, 3), saved.slice(3)];
      return tf.tidy(() => {
        const masked = relu ? tf.mul(dy, tf.step(y!)) : dy;
        const inputs = [asImages(masked), asImages(x), gamma, ...reserved];
        const outputs = backend.executeMultipleOutputs('FusedBatchNormGradV3', attrs(epsilon), inputs, 5);
        const [dx, dgamma, dbeta] = outputs as [tf.Tensor, tf.Tensor, tf.Tensor];
        return [tf.reshape(dx, x.shape), dgamma, dbeta];
      });
    },
  };
}

/** The op takes maps alone: [..., channels] → [batch, height, width, channels]. */
function asImages(x: tf.Tensor): tf.Tensor4D {
  return x.rank === 4 ? (x as tf.Tensor4D) : tf.reshape(x, [-1, 1, 1, x.shape.at(-1)!]);
}
