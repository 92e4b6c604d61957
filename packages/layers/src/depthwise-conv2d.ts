import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { positiveInteger } from './checks';
import { depthwiseConv } from './conv';
import type { ConvArgs } from './conv-args';
import { ConvLayer } from './conv-layer';
import type { ConstraintLike, InitializerLike, RegularizerLike } from './types';
import { weightKeys } from './unknown-keys';
import { type WeightOptions, weightConfig, weightOptions } from './weight-options';

/** The arguments of {@link depthwiseConv2d}; a size is one number or [height, width]. */
export interface DepthwiseConv2DArgs extends ConvArgs<number | [number, number]> {
  /** Output channels per input channel. Default 1. */
  depthMultiplier?: number;
  /** Default `'glorotUniform'`. */
  depthwiseInitializer?: InitializerLike;
  depthwiseRegularizer?: RegularizerLike;
  depthwiseConstraint?: ConstraintLike;
}

/** The layer behind {@link depthwiseConv2d}; registered for saved models as `XcpDepthwiseConv2D`. */
export class DepthwiseConv2D extends ConvLayer {
  static readonly className = 'XcpDepthwiseConv2D';
  readonly depthMultiplier: number;
  private readonly depthwise: WeightOptions;
  private depthwiseKernel!: tfl.LayerVariable;

  constructor(args: DepthwiseConv2DArgs) {
    super('depthwiseConv2d', 2, args, ['depthMultiplier', ...weightKeys('depthwise')]);
    this.depthMultiplier = positiveInteger(this.subject, 'depthMultiplier', args.depthMultiplier ?? 1);
    this.depthwise = weightOptions(this.subject, args, 'depthwise', 'glorotUniform');
  }

  protected override buildKernels(channels: number): void {
    const shape = [...this.kernelSize, channels, this.depthMultiplier];
    this.depthwiseKernel = this.add('depthwise_kernel', shape, this.depthwise);
  }

  protected override outputChannels(channels: number): number {
    return channels * this.depthMultiplier;
  }

  protected override convolve(x: tf.Tensor4D): tf.Tensor4D {
    return depthwiseConv(x, this.depthwiseKernel.read() as tf.Tensor4D, this.window);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      depthMultiplier: this.depthMultiplier,
      ...weightConfig('depthwise', this.depthwise),
    };
  }
}
tf.serialization.registerClass(DepthwiseConv2D);

/**
 * A depthwise convolution: each channel is convolved on its own.
 *
 * [batch, height, width, channels] → [batch, newHeight, newWidth, channels · depthMultiplier]. Weights, in order:
 * `depthwise_kernel` [h, w, channels, depthMultiplier] and, with `useBias`, `bias`. Unlike the built-in layer,
 * `dilationRate` is used and trains, and there is no bias unless asked for.
 *
 * @example
 * depthwiseConv2d({ kernelSize: 3, padding: 'symmetric', strides: 2 });
 * @throws if a size is not a positive integer, a name or a key is unknown, or the input is smaller than the window.
 * @see keras/src/layers/convolutional/depthwise_conv2d.py
 */
export function depthwiseConv2d(args: DepthwiseConv2DArgs): DepthwiseConv2D {
  return new DepthwiseConv2D(args);
}
