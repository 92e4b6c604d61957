import * as tf from '@tensorflow/tfjs-core';

/**
 * Updates all parameters by one kernel of the current engine, in place, and returns true; returns false where the
 * engine has no such kernel. Inputs are parameters, gradients and slots, in this order.
 *
 * The kernel is called directly rather than by `runKernel`, which knows only kernels that return new tensors.
 */
export function fusedUpdate(
  kernelName: string,
  inputs: readonly tf.Tensor[],
  attrs: tf.NamedAttrMap,
): boolean {
  const kernel = tf.getKernel(kernelName, tf.getBackend());
  if (!kernel) return false;
  kernel.kernelFunc({
    // The contract of these kernels is an array, where TensorFlow.js's type has a map.
    inputs: inputs as unknown as tf.NamedTensorInfoMap,
    attrs,
    backend: tf.engine().backend,
  });
  return true;
}
