import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { positiveInteger, positivePair, received } from './checks';
import { dilateKernel } from './dilate-kernel';
import { onlyShape, onlyTensor } from './only';
import { separableConv } from './separable-conv';
import { deserialize } from './serializable';
import type { ActivationName, ConstraintLike, InitializerLike, LayerArgs, RegularizerLike } from './types';
import { type WeightOptions, weightConfig, weightOptions } from './weight-options';

export interface SeparableConv2DArgs extends LayerArgs {
  /** Output channels. */
  filters: number;
  /** Of the depthwise kernel, in pixels: one number or [height, width]. */
  kernelSize: number | [number, number];
  /** Of the depthwise convolution, in pixels. Default 1. */
  strides?: number | [number, number];
  /** Default `'valid'`, as in Keras. */
  padding?: 'same' | 'valid';
  /** Pixels from tap to tap of the depthwise kernel. Default 1; above 1 the strides must be 1. */
  dilationRate?: number | [number, number];
  /** Depthwise output channels per input channel. Default 1. */
  depthMultiplier?: number;
  /** Default false, unlike Keras: in Xception batch normalization follows, and its beta is the bias. */
  useBias?: boolean;
  /** Applied to the output. Default none. */
  activation?: ActivationName;
  /** Default `'glorotUniform'`. */
  depthwiseInitializer?: InitializerLike;
  /** Default `'glorotUniform'`. */
  pointwiseInitializer?: InitializerLike;
  /** Default `'zeros'`. */
  biasInitializer?: InitializerLike;
  depthwiseRegularizer?: RegularizerLike;
  pointwiseRegularizer?: RegularizerLike;
  biasRegularizer?: RegularizerLike;
  depthwiseConstraint?: ConstraintLike;
  pointwiseConstraint?: ConstraintLike;
  biasConstraint?: ConstraintLike;
}

type Activation = tf.serialization.Serializable & { apply(x: tf.Tensor): tf.Tensor };

/** The layer behind {@link separableConv2d}; registered for saved models as `XcpSeparableConv2D`. */
export class SeparableConv2D extends tfl.layers.Layer {
  static readonly className = 'XcpSeparableConv2D';
  readonly filters: number;
  readonly kernelSize: [number, number];
  readonly strides: [number, number];
  readonly padding: 'same' | 'valid';
  readonly dilationRate: [number, number];
  readonly depthMultiplier: number;
  readonly useBias: boolean;
  private readonly activation: Activation;
  private readonly depthwise: WeightOptions;
  private readonly pointwise: WeightOptions;
  private readonly biasOptions: WeightOptions;
  private depthwiseKernel!: tfl.LayerVariable;
  private pointwiseKernel!: tfl.LayerVariable;
  private bias: tfl.LayerVariable | null = null;

  constructor(args: SeparableConv2DArgs) {
    super(args);
    rejectArgsOfOtherLayers(args);
    this.filters = positiveInteger('separableConv2d', 'filters', args.filters);
    this.kernelSize = positivePair('separableConv2d', 'kernelSize', args.kernelSize);
    this.strides = positivePair('separableConv2d', 'strides', args.strides ?? 1);
    this.padding = args.padding ?? 'valid';
    this.dilationRate = positivePair('separableConv2d', 'dilationRate', args.dilationRate ?? 1);
    this.depthMultiplier = positiveInteger('separableConv2d', 'depthMultiplier', args.depthMultiplier ?? 1);
    this.useBias = args.useBias ?? false;
    this.activation = deserialize<Activation>(
      'activation',
      'separableConv2d',
      'activation',
      args.activation ?? 'linear',
    )!;
    this.depthwise = weightOptions('separableConv2d', args, 'depthwise', 'glorotUniform');
    this.pointwise = weightOptions('separableConv2d', args, 'pointwise', 'glorotUniform');
    this.biasOptions = weightOptions('separableConv2d', args, 'bias', 'zeros');
    if (this.padding !== 'same' && this.padding !== 'valid') {
      throw new Error(
        `separableConv2d: \`padding\` must be 'same' or 'valid', received ${received(this.padding)}`,
      );
    }
    if (Math.max(...this.strides) > 1 && Math.max(...this.dilationRate) > 1) {
      throw new Error(
        'separableConv2d: `strides` and `dilationRate` must not both be above 1, ' +
          `received ${received(this.strides)} and ${received(this.dilationRate)}; set one of them to 1`,
      );
    }
    this.inputSpec = [{ ndim: 4 }];
  }

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const channels = onlyShape(inputShape).at(-1);
    if (channels === null || channels === undefined) {
      throw new Error(
        `separableConv2d: the last axis of the input must have a known size, received ${received(inputShape)}`,
      );
    }
    const add = (name: string, shape: number[], { initializer, regularizer, constraint }: WeightOptions) =>
      this.addWeight(name, shape, 'float32', initializer, regularizer!, true, constraint!);
    this.depthwiseKernel = add(
      'depthwise_kernel',
      [...this.kernelSize, channels, this.depthMultiplier],
      this.depthwise,
    );
    this.pointwiseKernel = add(
      'pointwise_kernel',
      [1, 1, channels * this.depthMultiplier, this.filters],
      this.pointwise,
    );
    if (this.useBias) this.bias = add('bias', [this.filters], this.biasOptions);
    this.inputSpec = [{ ndim: 4, axes: { [-1]: channels } }];
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = onlyTensor(inputs) as tf.Tensor4D;
      const depthwise = dilateKernel(this.depthwiseKernel.read() as tf.Tensor4D, this.dilationRate);
      const pointwise = this.pointwiseKernel.read() as tf.Tensor4D;
      const y = separableConv(x, depthwise, pointwise, this.strides, this.padding);
      return this.activation.apply(this.bias ? tf.add(y, this.bias.read()) : y);
    });
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [batch, height, width] = onlyShape(inputShape);
    const side = (axis: 0 | 1, size: number | null | undefined) => {
      if (size === null || size === undefined) return null;
      const reach = this.padding === 'same' ? 0 : (this.kernelSize[axis] - 1) * this.dilationRate[axis];
      return Math.ceil((size - reach) / this.strides[axis]);
    };
    return [batch ?? null, side(0, height), side(1, width), this.filters];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      filters: this.filters,
      kernelSize: this.kernelSize,
      strides: this.strides,
      padding: this.padding,
      dilationRate: this.dilationRate,
      depthMultiplier: this.depthMultiplier,
      useBias: this.useBias,
      activation: this.activation.getClassName(),
      ...weightConfig('depthwise', this.depthwise),
      ...weightConfig('pointwise', this.pointwise),
      ...weightConfig('bias', this.biasOptions),
    };
  }
}
tf.serialization.registerClass(SeparableConv2D);

/**
 * A depthwise separable convolution: each channel is convolved on its own, then a 1×1 convolution mixes them.
 *
 * [batch, height, width, channels] → [batch, newHeight, newWidth, filters]. Weights, in order:
 * `depthwise_kernel` [h, w, channels, depthMultiplier], `pointwise_kernel`
 * [1, 1, channels · depthMultiplier, filters] and, with `useBias`, `bias` [filters]. Unlike the built-in
 * layer, each kernel has its own initializer, every argument is saved, dilation trains, and there is no
 * bias unless asked for. Channels come last; `channelsFirst` is not supported.
 *
 * @example
 * separableConv2d({ filters: 128, kernelSize: 3, padding: 'same', name: 'block2_sepconv1' });
 * @throws if a size is not a positive integer, a name is unknown, or an argument is not of this layer.
 * @see Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", section 3;
 *   keras/src/layers/convolutional/separable_conv2d.py
 */
export function separableConv2d(args: SeparableConv2DArgs): SeparableConv2D {
  return new SeparableConv2D(args);
}

function rejectArgsOfOtherLayers(args: object): void {
  for (const key of ['kernelInitializer', 'kernelRegularizer', 'kernelConstraint']) {
    if (key in args) {
      const part = key.slice('kernel'.length);
      throw new Error(
        `separableConv2d: there is no one kernel for \`${key}\`; use \`depthwise${part}\` and \`pointwise${part}\``,
      );
    }
  }
  if ('dataFormat' in args && args.dataFormat !== 'channelsLast') {
    throw new Error(
      `separableConv2d: \`dataFormat\` must be 'channelsLast', received ${received(args.dataFormat)}`,
    );
  }
}
