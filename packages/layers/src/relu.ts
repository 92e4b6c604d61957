import * as tf from '@tensorflow/tfjs-core';
import { fusedKernel } from './fused-kernel';
import { type Save, withGradient } from './saved-tensors';

/**
 * The rectifier max(x, 0) of a tensor of any shape, with a gradient cheaper than `tf.relu`'s.
 *
 * It keeps its output for the backward pass, which the next layer keeps anyway, and not its input; the
 * gradient is one `XcpReluGrad` kernel where the engine has it, else a step and a product.
 *
 * @example relu(tf.tensor1d([-1, 2])); // [0, 2]
 */
export function relu<T extends tf.Tensor>(x: T): T {
  const op = tf.customGrad((input, save) => {
    const y = tf.relu(input as tf.Tensor);
    return withGradient(y, save as Save, [y], gradient);
  });
  return op(x) as T;
}

function gradient(dy: tf.Tensor, [y]: [tf.Tensor]): tf.Tensor {
  const run = fusedKernel('XcpReluGrad');
  return run ? (run({ dy, y }) as tf.Tensor) : tf.tidy(() => tf.mul(dy, tf.step(y)));
}
