import * as tf from '@tensorflow/tfjs-core';
import { type SeparableConvArgs, SeparableConvLayer } from './separable-conv-layer';

/** The arguments of {@link separableConv2d}; a size is one number or [height, width]. */
export type SeparableConv2DArgs = SeparableConvArgs<number | [number, number]>;

/** The layer behind {@link separableConv2d}; registered for saved models as `XcpSeparableConv2D`. */
export class SeparableConv2D extends SeparableConvLayer {
  static readonly className = 'XcpSeparableConv2D';

  constructor(args: SeparableConv2DArgs) {
    super('separableConv2d', 2, args);
  }
}
tf.serialization.registerClass(SeparableConv2D);

/**
 * A depthwise separable convolution: each channel is convolved on its own, then a 1×1 convolution mixes them.
 *
 * [batch, height, width, channels] → [batch, newHeight, newWidth, filters]. Weights, in order:
 * `depthwise_kernel` [h, w, channels, depthMultiplier], `pointwise_kernel`
 * [1, 1, channels · depthMultiplier, filters], those of the batch normalization in `between` (`between_gamma`, …)
 * and, with `useBias`, `bias` [filters]. With `order: 'pointwise-first'` the 1×1 convolution makes
 * filters / depthMultiplier channels, and the depthwise one `filters` of them.
 *
 * Unlike the built-in layer, each kernel has its own initializer, every argument is saved, dilation trains, and
 * there is no bias unless asked for.
 *
 * @example
 * separableConv2d({ filters: 128, kernelSize: 3, padding: 'same', name: 'block2_sepconv1' });
 * separableConv2d({ filters: 64, kernelSize: 3, between: { batchNormalization: true, activation: 'relu' } });
 * @throws if a size is not a positive integer, a name or a key is unknown, or the input is smaller than the window.
 * @see Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", section 3;
 *   keras/src/layers/convolutional/separable_conv2d.py
 */
export function separableConv2d(args: SeparableConv2DArgs): SeparableConv2D {
  return new SeparableConv2D(args);
}
