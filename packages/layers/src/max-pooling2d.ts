import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { oneOf, positiveSizes } from './checks';
import { type DataFormat, fromChannelsLast, toChannelsLast } from './data-format';
import { layerArgs } from './keras-args';
import { maxPool } from './max-pool';
import { onlyShape, onlyTensor } from './only';
import type { LayerArgs } from './types';
import { layerKeys, rejectUnknownKeys } from './unknown-keys';
import { checkFits, outputLength, type Padding } from './window';

/** The arguments of {@link maxPooling2d}; a size is one number or [height, width]. */
export interface MaxPooling2DArgs extends LayerArgs {
  /** Of the window, in pixels. Default 2. */
  poolSize?: number | [number, number];
  /** In pixels. Default `poolSize`. */
  strides?: number | [number, number];
  /** Default `'valid'`, as in Keras; `'symmetric'` pads both sides alike, as PyTorch's networks do. */
  padding?: Padding;
  /** Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

const subject = 'maxPooling2d';

/** The layer behind {@link maxPooling2d}; registered for saved models as `XcpMaxPooling2D`. */
export class MaxPooling2D extends tfl.layers.Layer {
  static readonly className = 'XcpMaxPooling2D';
  readonly poolSize: [number, number];
  readonly strides: [number, number];
  readonly padding: Padding;
  readonly dataFormat: DataFormat;

  constructor(args: MaxPooling2DArgs = {}) {
    super(args);
    rejectUnknownKeys(subject, args, ['poolSize', 'strides', 'padding', 'dataFormat', ...layerKeys]);
    this.poolSize = positiveSizes(subject, 'poolSize', args.poolSize ?? 2, 2) as [number, number];
    this.strides = positiveSizes(subject, 'strides', args.strides ?? this.poolSize, 2) as [number, number];
    this.padding = oneOf(subject, 'padding', args.padding ?? 'valid', ['same', 'valid', 'symmetric']);
    this.dataFormat = oneOf(subject, 'dataFormat', args.dataFormat ?? 'channelsLast', [
      'channelsLast',
      'channelsFirst',
    ]);
    this.inputSpec = [{ ndim: 4 }];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = toChannelsLast(onlyTensor(inputs), this.dataFormat) as tf.Tensor4D;
      checkFits(subject, [x.shape[1], x.shape[2]], this.window);
      return fromChannelsLast(maxPool(x, this.window), this.dataFormat);
    });
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [batch, ...rest] = onlyShape(inputShape) as [number | null, number, number, number];
    const isLast = this.dataFormat === 'channelsLast';
    const sizes = isLast ? rest.slice(0, 2) : rest.slice(1);
    checkFits(subject, sizes, this.window);
    const lengths = sizes.map(
      (size, i) => size && outputLength(size, this.poolSize[i]!, this.strides[i]!, 1, this.padding),
    );
    return [batch, ...(isLast ? [...lengths, rest[2]] : [rest[0], ...lengths])];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { poolSize, strides, padding, dataFormat } = this;
    return { ...super.getConfig(), poolSize, strides, padding, dataFormat };
  }

  /** Reads a saved config, with TensorFlow.js's keys or with Keras's. */
  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    return new cls(layerArgs(config));
  }

  private get window() {
    const { poolSize, strides, padding } = this;
    return { kernelSize: poolSize, strides, padding, dilations: [1, 1] as [number, number] };
  }
}
tf.serialization.registerClass(MaxPooling2D);

/**
 * Max pooling: the largest value under a window, for each channel.
 *
 * [batch, height, width, channels] → [batch, newHeight, newWidth, channels]. Unlike the built-in layer it knows
 * PyTorch's padding, which never wins: a window that reaches over the edge sees what lies inside.
 *
 * @example
 * maxPooling2d({ poolSize: 3, strides: 2, padding: 'symmetric', name: 'block2_pool' });
 * @throws if a size is not a positive integer, a name or a key is unknown, or the input is smaller than the window.
 * @see keras/src/layers/pooling/max_pooling2d.py; torch.nn.MaxPool2d
 */
export function maxPooling2d(args?: MaxPooling2DArgs): MaxPooling2D {
  return new MaxPooling2D(args);
}
