import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { boolean, positiveInteger } from './checks';
import { conv } from './conv';
import type { ConvArgs } from './conv-args';
import { ConvLayer } from './conv-layer';
import type { ConstraintLike, InitializerLike, RegularizerLike } from './types';
import { weightKeys } from './unknown-keys';
import { type WeightOptions, weightConfig, weightOptions } from './weight-options';

/** The arguments of {@link conv2d}; a size is one number or [height, width]. */
export interface Conv2DArgs extends ConvArgs<number | [number, number]> {
  /** Output channels. */
  filters: number;
  /** Default `'glorotUniform'`. */
  kernelInitializer?: InitializerLike;
  kernelRegularizer?: RegularizerLike;
  kernelConstraint?: ConstraintLike;
  /** Whether the kernel is trained. Default true; false makes it a weight that never trains, as `unfreeze` knows none. */
  kernelTrainable?: boolean;
}

/** The layer behind {@link conv2d}; registered for saved models as `XcpConv2D`. */
export class Conv2D extends ConvLayer {
  static readonly className = 'XcpConv2D';
  readonly filters: number;
  readonly kernelTrainable: boolean;
  private readonly kernelOptions: WeightOptions;
  private kernel!: tfl.LayerVariable;

  constructor(args: Conv2DArgs) {
    super('conv2d', 2, args, ['filters', 'kernelTrainable', ...weightKeys('kernel')]);
    this.filters = positiveInteger(this.subject, 'filters', args.filters);
    this.kernelTrainable = boolean(this.subject, 'kernelTrainable', args.kernelTrainable ?? true);
    this.kernelOptions = weightOptions(this.subject, args, 'kernel', 'glorotUniform');
  }

  protected override buildKernels(channels: number): void {
    const shape = [...this.kernelSize, channels, this.filters];
    this.kernel = this.add('kernel', shape, this.kernelOptions, this.kernelTrainable);
  }

  protected override outputChannels(): number {
    return this.filters;
  }

  protected override convolve(x: tf.Tensor4D): tf.Tensor4D {
    return conv(x, this.kernel.read() as tf.Tensor4D, this.window);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      filters: this.filters,
      kernelTrainable: this.kernelTrainable,
      ...weightConfig('kernel', this.kernelOptions),
    };
  }
}
tf.serialization.registerClass(Conv2D);

/**
 * A convolution.
 *
 * [batch, height, width, channels] → [batch, newHeight, newWidth, filters]. Weights, in order: `kernel`
 * [h, w, channels, filters] and, with `useBias`, `bias` [filters]. Unlike the built-in layer it knows PyTorch's
 * padding, dilation trains, its kernel may be one that never trains (`kernelTrainable`), the gradient by a batch of images is not computed when nobody asks for it, and there is no
 * bias unless asked for.
 *
 * @example
 * conv2d({ filters: 32, kernelSize: 3, strides: 2, padding: 'symmetric', name: 'block1_conv1' });
 * @throws if a size is not a positive integer, a name or a key is unknown, or the input is smaller than the window.
 * @see keras/src/layers/convolutional/conv2d.py
 */
export function conv2d(args: Conv2DArgs): Conv2D {
  return new Conv2D(args);
}
