import * as tf from '@tensorflow/tfjs-core';
import { depthwiseConv } from './conv';
import { fusedKernel } from './fused-kernel';
import { type Save, withGradient } from './saved-tensors';
import { resolvePadding, type Window } from './window';

/** The 1×1 convolution of `x` with a kernel [1, 1, channels, filters]. */
export function pointwiseConv(x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
  return tf.conv2d(x, kernel, 1, 'valid');
}

/**
 * A depthwise and then a pointwise convolution; in training one op with one gradient where the engine has
 * `XcpSeparableConv2D` kernels.
 *
 * `x` is [batch, height, width, channels], `depthwise` [h, w, channels, multiplier], `pointwise`
 * [1, 1, channels · multiplier, filters].
 */
export function separableConv(
  x: tf.Tensor4D,
  depthwise: tf.Tensor4D,
  pointwise: tf.Tensor4D,
  window: Window,
): tf.Tensor4D {
  const run = fusedKernel('XcpSeparableConv2D');
  // Where nothing is differentiated, what stands between the two convolutions need not be kept.
  if (!run || !tf.engine().isTapeOn() || x.size === 0) {
    return pointwiseConv(depthwiseConv(x, depthwise, window), pointwise);
  }
  const { strides, dilations } = window;
  const attrs = { strides, dilations, pad: resolvePadding(x.shape, window) };
  const op = tf.customGrad((...args) => {
    const [x, depthwiseFilter, pointwiseFilter, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, Save];
    const [y, z] = run({ x, depthwiseFilter, pointwiseFilter }, attrs) as [tf.Tensor, tf.Tensor];
    const tensors: [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor] = [x, depthwiseFilter, pointwiseFilter, z];
    return withGradient(y, save, tensors, (dy, [x, depthwiseFilter, pointwiseFilter, z]) => {
      const inputs = { x, depthwiseFilter, pointwiseFilter, z, dy };
      return fusedKernel('XcpSeparableConv2DGrad')!(inputs, attrs) as tf.Tensor[];
    });
  });
  return op(x, depthwise, pointwise) as tf.Tensor4D;
}
