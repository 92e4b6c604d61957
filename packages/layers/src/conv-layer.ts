import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { type Activation, activate, activation } from './activation';
import { ActivityPenalty } from './activity-penalty';
import { boolean, oneOf, positiveSizes, received } from './checks';
import { type ConvArgs, convKeys } from './conv-args';
import { type DataFormat, fromChannelsLast, toChannelsLast } from './data-format';
import { layerArgs } from './keras-args';
import { onlyShape, onlyTensor } from './only';
import { deserialize, serialize } from './serializable';
import type { CallArgs, Regularizer } from './types';
import { rejectUnknownKeys } from './unknown-keys';
import { type WeightOptions, weightConfig, weightOptions } from './weight-options';
import { checkFits, outputLength, type Padding, type Window } from './window';

/** What the convolution layers have in common: the window, the bias, the activation, and the order of the axes. */
export abstract class ConvLayer extends tfl.layers.Layer {
  readonly kernelSize: number[];
  readonly strides: number[];
  readonly padding: Padding;
  readonly dataFormat: DataFormat;
  readonly dilationRate: number[];
  readonly useBias: boolean;
  private readonly activation: Activation;
  private readonly biasOptions: WeightOptions;
  private readonly activityOptions: Regularizer | null;
  private readonly activityPenalty: ActivityPenalty | null;
  private bias: tfl.LayerVariable | null = null;

  constructor(
    protected readonly subject: string,
    protected readonly rank: 1 | 2,
    args: ConvArgs<number | number[]>,
    ownKeys: readonly string[],
  ) {
    super(args);
    rejectUnknownKeys(subject, args, [...ownKeys, ...convKeys]);
    this.kernelSize = positiveSizes(subject, 'kernelSize', args.kernelSize, rank);
    this.strides = positiveSizes(subject, 'strides', args.strides ?? 1, rank);
    this.padding = oneOf(subject, 'padding', args.padding ?? 'valid', ['same', 'valid', 'symmetric']);
    this.dataFormat = oneOf(subject, 'dataFormat', args.dataFormat ?? 'channelsLast', [
      'channelsLast',
      'channelsFirst',
    ]);
    this.dilationRate = positiveSizes(subject, 'dilationRate', args.dilationRate ?? 1, rank);
    this.activation = activation(subject, 'activation', args.activation);
    this.useBias = boolean(subject, 'useBias', args.useBias ?? false);
    this.biasOptions = weightOptions(subject, args, 'bias', 'zeros');
    this.activityOptions = deserialize<Regularizer>(
      'regularizer',
      subject,
      'activityRegularizer',
      args.activityRegularizer,
    );
    this.activityPenalty = this.activityOptions && new ActivityPenalty(this.activityOptions);
    if (this.activityPenalty) this.addLoss(() => this.activityPenalty!.take());
    const isStrided = Math.max(...this.strides) > 1 && Math.max(...this.dilationRate) > 1;
    if (isStrided && this.padding !== 'symmetric') {
      throw new Error(
        `${subject}: \`strides\` and \`dilationRate\` must not both be above 1, ` +
          `received ${received(this.strides)} and ${received(this.dilationRate)}; ` +
          "set one of them to 1, or take PyTorch's `padding` 'symmetric'",
      );
    }
    this.inputSpec = [{ ndim: rank + 2 }];
  }

  /** Adds the kernels. */
  protected abstract buildKernels(channels: number): void;

  /** How many channels come out of so many. */
  protected abstract outputChannels(channels: number): number;

  /** The convolution alone, of [batch, height, width, channels]; a sequence has height 1. */
  protected abstract convolve(x: tf.Tensor4D, training: boolean): tf.Tensor4D;

  /** What the window does, as one over two axes. */
  protected get window(): Window {
    const pair = (sizes: number[], first: number) => [first, ...sizes].slice(-2) as [number, number];
    return {
      kernelSize: pair(this.kernelSize, 1),
      // Some engines want both strides to be the same, and on an axis of size 1 any is.
      strides: pair(this.strides, this.strides[0]!),
      dilations: pair(this.dilationRate, 1),
      padding: this.padding,
    };
  }

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const axis = this.dataFormat === 'channelsLast' ? this.rank + 1 : 1;
    const channels = onlyShape(inputShape)[axis];
    if (channels === null || channels === undefined) {
      const which = axis === 1 ? 'axis 1' : 'the last axis';
      throw new Error(
        `${this.subject}: ${which} of the input, its channels, must have a known size, ` +
          `received ${received(inputShape)}`,
      );
    }
    this.buildKernels(channels);
    if (this.useBias) this.bias = this.add('bias', [this.outputChannels(channels)], this.biasOptions);
    this.inputSpec = [{ ndim: this.rank + 2, axes: { [axis]: channels } }];
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training }: CallArgs): tf.Tensor {
    const y = tf.tidy(() => {
      const x = toChannelsLast(onlyTensor(inputs), this.dataFormat);
      const images = (this.rank === 1 ? tf.expandDims(x, 1) : x) as tf.Tensor4D;
      checkFits(this.subject, this.rank === 1 ? [x.shape[1]!] : [x.shape[1]!, x.shape[2]!], this.sizes);
      const z = this.convolve(images, training ?? false);
      const y = activate(this.activation, this.bias ? tf.add(z, this.bias.read()) : z);
      return fromChannelsLast(this.rank === 1 ? tf.squeeze(y, [1]) : y, this.dataFormat);
    });
    if (training) this.activityPenalty?.record(y);
    return y;
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [batch, ...rest] = onlyShape(inputShape);
    const isLast = this.dataFormat === 'channelsLast';
    const channels = isLast ? rest.at(-1) : rest[0];
    const sizes = isLast ? rest.slice(0, -1) : rest.slice(1);
    checkFits(this.subject, sizes, this.sizes);
    const { kernelSize, strides, dilationRate, padding } = this;
    const lengths = sizes.map(
      (size, i) => size && outputLength(size, kernelSize[i]!, strides[i]!, dilationRate[i]!, padding),
    );
    const filters = this.outputChannels(channels!);
    return [batch ?? null, ...(isLast ? [...lengths, filters] : [filters, ...lengths])];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      kernelSize: this.kernelSize,
      strides: this.strides,
      padding: this.padding,
      dataFormat: this.dataFormat,
      dilationRate: this.dilationRate,
      activation: this.activation.getClassName(),
      useBias: this.useBias,
      ...weightConfig('bias', this.biasOptions),
      activityRegularizer: serialize(this.activityOptions),
    };
  }

  /** Reads a saved config, with TensorFlow.js's keys or with Keras's. */
  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    return new cls(layerArgs(config));
  }

  protected add(name: string, shape: number[], options: WeightOptions, trainable = true): tfl.LayerVariable {
    const { initializer, regularizer, constraint } = options;
    return this.addWeight(name, shape, 'float32', initializer, regularizer!, trainable, constraint!);
  }

  private get sizes() {
    return { kernelSize: this.kernelSize, dilations: this.dilationRate, padding: this.padding };
  }
}
