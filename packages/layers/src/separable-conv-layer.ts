import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { Between, type BetweenArgs } from './between';
import { oneOf, positiveInteger, received } from './checks';
import { depthwiseConv } from './conv';
import type { ConvArgs } from './conv-args';
import { ConvLayer } from './conv-layer';
import { pointwiseConv, separableConv } from './separable-conv';
import type { ConstraintLike, InitializerLike, RegularizerLike } from './types';
import { weightKeys } from './unknown-keys';
import { type WeightOptions, weightConfig, weightOptions } from './weight-options';

/** Which of the two convolutions comes first. */
export type SeparableOrder = 'depthwise-first' | 'pointwise-first';

/** The arguments of `separableConv1d` and `separableConv2d`. */
export interface SeparableConvArgs<Size> extends ConvArgs<Size> {
  /** Output channels. */
  filters: number;
  /** Channels that the depthwise convolution makes of each one. Default 1. */
  depthMultiplier?: number;
  /** Default `'depthwise-first'`, as in Xception; Inception mixes the channels first. */
  order?: SeparableOrder;
  /** Batch normalization and an activation between the two convolutions. Default none, as in Xception. */
  between?: BetweenArgs | null;
  /** Default `'glorotUniform'`. */
  depthwiseInitializer?: InitializerLike;
  /** Default `'glorotUniform'`. */
  pointwiseInitializer?: InitializerLike;
  depthwiseRegularizer?: RegularizerLike;
  pointwiseRegularizer?: RegularizerLike;
  depthwiseConstraint?: ConstraintLike;
  pointwiseConstraint?: ConstraintLike;
}

const ownKeys = ['filters', 'depthMultiplier', 'order', 'between', ...weightKeys('depthwise', 'pointwise')];

/** What separable convolutions of sequences and of images have in common. */
export abstract class SeparableConvLayer extends ConvLayer {
  readonly filters: number;
  readonly depthMultiplier: number;
  readonly order: SeparableOrder;
  private readonly between: Between | null;
  private readonly depthwise: WeightOptions;
  private readonly pointwise: WeightOptions;
  private depthwiseKernel!: tfl.LayerVariable;
  private pointwiseKernel!: tfl.LayerVariable;

  constructor(subject: string, rank: 1 | 2, args: SeparableConvArgs<number | number[]>) {
    rejectOneKernel(subject, args);
    super(subject, rank, args, ownKeys);
    this.filters = positiveInteger(subject, 'filters', args.filters);
    this.depthMultiplier = positiveInteger(subject, 'depthMultiplier', args.depthMultiplier ?? 1);
    this.order = oneOf(subject, 'order', args.order ?? 'depthwise-first', [
      'depthwise-first',
      'pointwise-first',
    ]);
    this.between = args.between == null ? null : new Between(subject, args.between);
    this.depthwise = weightOptions(subject, args, 'depthwise', 'glorotUniform');
    this.pointwise = weightOptions(subject, args, 'pointwise', 'glorotUniform');
    if (this.order === 'pointwise-first' && this.filters % this.depthMultiplier !== 0) {
      throw new Error(
        `${subject}: \`filters\` must be a multiple of \`depthMultiplier\` where \`order\` is 'pointwise-first', ` +
          `received ${received(this.filters)} and ${received(this.depthMultiplier)}`,
      );
    }
  }

  protected override buildKernels(channels: number): void {
    const isDepthwiseFirst = this.order === 'depthwise-first';
    const middle = isDepthwiseFirst ? channels * this.depthMultiplier : this.filters / this.depthMultiplier;
    const depthwiseInputs = isDepthwiseFirst ? channels : middle;
    const [pointwiseInputs, pointwiseOutputs] = isDepthwiseFirst
      ? [middle, this.filters]
      : [channels, middle];
    this.depthwiseKernel = this.add(
      'depthwise_kernel',
      [...this.kernelSize, depthwiseInputs, this.depthMultiplier],
      this.depthwise,
    );
    this.pointwiseKernel = this.add(
      'pointwise_kernel',
      [...this.kernelSize.map(() => 1), pointwiseInputs, pointwiseOutputs],
      this.pointwise,
    );
    this.between?.build(this.addWeight.bind(this), middle);
  }

  protected override outputChannels(): number {
    return this.filters;
  }

  protected override convolve(x: tf.Tensor4D, training: boolean): tf.Tensor4D {
    const [depthwise, pointwise] = [this.depthwiseKernel, this.pointwiseKernel].map((weight) => {
      const kernel = weight.read();
      return (this.rank === 1 ? tf.expandDims(kernel, 0) : kernel) as tf.Tensor4D;
    }) as [tf.Tensor4D, tf.Tensor4D];
    const { window } = this;
    if (this.order === 'depthwise-first' && !this.between) {
      return separableConv(x, depthwise, pointwise, window);
    }
    const between = (z: tf.Tensor4D) => this.between?.apply(z, training, this.isTrainable) ?? z;
    return this.order === 'depthwise-first'
      ? pointwiseConv(between(depthwiseConv(x, depthwise, window)), pointwise)
      : depthwiseConv(between(pointwiseConv(x, pointwise)), depthwise, window);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      filters: this.filters,
      depthMultiplier: this.depthMultiplier,
      order: this.order,
      between: this.between?.getConfig() ?? null,
      ...weightConfig('depthwise', this.depthwise),
      ...weightConfig('pointwise', this.pointwise),
    };
  }

  /** `model.trainable = false` reaches the weights of a layer but not its own `trainable`. */
  private get isTrainable(): boolean {
    return this.trainable && this.depthwiseKernel.trainable;
  }
}

function rejectOneKernel(subject: string, args: object): void {
  for (const part of ['Initializer', 'Regularizer', 'Constraint']) {
    if (`kernel${part}` in args) {
      throw new Error(
        `${subject}: there is no one kernel for \`kernel${part}\`; use \`depthwise${part}\` and \`pointwise${part}\``,
      );
    }
  }
}
