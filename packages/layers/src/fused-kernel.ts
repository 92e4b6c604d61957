import * as tf from '@tensorflow/tfjs-core';

type Run = (inputs: tf.NamedTensorMap, attrs?: tf.NamedAttrMap) => tf.Tensor | tf.Tensor[];

/** A function that runs the kernel of this name on the current engine, or null if the engine has none. */
export function fusedKernel(name: string): Run | null {
  if (!tf.getKernel(name, tf.getBackend())) return null;
  return (inputs, attrs) => tf.engine().runKernel(name, inputs, attrs);
}

/**
 * Whether the engine's windows take any padding and any dilation, in their gradients too.
 *
 * That is so where the engine is `xcp`; others refuse an explicit padding in a gradient, and read a dilation only
 * on the way forward.
 */
export function hasGeneralWindows(): boolean {
  return fusedKernel('XcpSeparableConv2D') !== null;
}
