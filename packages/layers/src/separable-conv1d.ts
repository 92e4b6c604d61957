import * as tf from '@tensorflow/tfjs-core';
import { type SeparableConvArgs, SeparableConvLayer } from './separable-conv-layer';

/** The arguments of {@link separableConv1d}; a size is one number, in steps of the sequence. */
export type SeparableConv1DArgs = SeparableConvArgs<number | [number]>;

/** The layer behind {@link separableConv1d}; registered for saved models as `XcpSeparableConv1D`. */
export class SeparableConv1D extends SeparableConvLayer {
  static readonly className = 'XcpSeparableConv1D';

  constructor(args: SeparableConv1DArgs) {
    super('separableConv1d', 1, args);
  }
}
tf.serialization.registerClass(SeparableConv1D);

/**
 * A depthwise separable convolution of sequences, which TensorFlow.js has no layer for.
 *
 * [batch, steps, channels] → [batch, newSteps, filters]. Weights, in order: `depthwise_kernel`
 * [k, channels, depthMultiplier], `pointwise_kernel` [1, channels · depthMultiplier, filters], those of the batch
 * normalization in `between` and, with `useBias`, `bias` [filters]; all else is as in `separableConv2d`.
 *
 * @example
 * separableConv1d({ filters: 64, kernelSize: 5, padding: 'same', dilationRate: 2 });
 * @throws if a size is not a positive integer, a name or a key is unknown, or the input is shorter than the window.
 * @see keras/src/layers/convolutional/separable_conv1d.py
 */
export function separableConv1d(args: SeparableConv1DArgs): SeparableConv1D {
  return new SeparableConv1D(args);
}
