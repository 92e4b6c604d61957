import * as tf from '@tensorflow/tfjs-core';
import { dilateKernel } from './dilate-kernel';
import { hasGeneralWindows } from './fused-kernel';
import { type Save, withGradient } from './saved-tensors';
import { padInput, type Window } from './window';

/**
 * A convolution of `x` [batch, height, width, channels] with a kernel [h, w, channels, filters].
 *
 * Its two gradients are computed one by one, and only those that somebody asked for: `tf.fused.conv2d`, which
 * TensorFlow.js's own layer calls, always computes that of the input, for a batch of images as well.
 */
export function conv(x: tf.Tensor4D, kernel: tf.Tensor4D, window: Window): tf.Tensor4D {
  return move('Conv2D', tf.conv2d, x, kernel, window);
}

/**
 * A convolution of each channel of `x` [batch, height, width, channels] on its own, with a kernel
 * [h, w, channels, multiplier].
 */
export function depthwiseConv(x: tf.Tensor4D, kernel: tf.Tensor4D, window: Window): tf.Tensor4D {
  return move('DepthwiseConv2dNative', tf.depthwiseConv2d, x, kernel, window);
}

type Kind = 'Conv2D' | 'DepthwiseConv2dNative';

function move(
  kind: Kind,
  plain: typeof tf.conv2d,
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  window: Window,
): tf.Tensor4D {
  const { strides, dilations } = window;
  const { input, pad } = padInput(x, window);
  if (dilations.some((rate) => rate > 1) && hasGeneralWindows()) {
    return dilated(kind, input, kernel, { strides, pad, dilations, dataFormat: 'NHWC' });
  }
  return plain(input, dilateKernel(kernel, dilations), strides, pad as 'same' | 'valid');
}

/** A convolution by the engine's own kernels; TensorFlow.js has no gradient of a dilated one. */
function dilated(kind: Kind, x: tf.Tensor4D, kernel: tf.Tensor4D, attrs: tf.NamedAttrMap): tf.Tensor4D {
  const run = (name: string, inputs: tf.NamedTensorMap, extra: tf.NamedAttrMap = {}) =>
    tf.engine().runKernel(name, inputs, { ...attrs, ...extra }) as tf.Tensor;
  const op = tf.customGrad((...args) => {
    const [x, filter, save] = args as [tf.Tensor, tf.Tensor, Save];
    const tensors: [tf.Tensor, tf.Tensor] = [x, filter];
    return withGradient(run(kind, { x, filter }), save, tensors, (dy, [x, filter]) => [
      run(`${kind}BackpropInput`, { dy, filter }, { inputShape: x.shape }),
      run(`${kind}BackpropFilter`, { x, dy }, { filterShape: filter.shape }),
    ]);
  });
  return op(x, kernel) as tf.Tensor4D;
}
