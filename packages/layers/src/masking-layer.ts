import * as tf from '@tensorflow/tfjs-core';
import { fraction, wholeSeed } from './checks';
import { dropoutMask, masked } from './dropout-mask';
import { layerArgs } from './keras-args';
import { onlyTensor } from './only';
import { SteppedLayer } from './training-step';
import type { CallArgs, LayerArgs } from './types';
import { layerKeys, rejectUnknownKeys } from './unknown-keys';

interface MaskingArgs extends LayerArgs {
  rate: number;
  seed: number;
}

/** A layer that multiplies with a mask in training, and else lets its input pass. */
export abstract class MaskingLayer extends SteppedLayer {
  readonly rate: number;
  readonly seed: number;

  constructor(subject: string, args: MaskingArgs) {
    super(args);
    rejectUnknownKeys(subject, args, ['rate', 'seed', ...layerKeys]);
    this.rate = fraction(subject, 'rate', args.rate);
    this.seed = wholeSeed(subject, args.seed);
    this.supportsMasking = true;
  }

  /** The shape of the mask for an input of that shape, to which it is broadcast. */
  protected abstract maskShape(inputShape: number[]): number[];

  override call(inputs: tf.Tensor | tf.Tensor[], { training }: CallArgs): tf.Tensor {
    const x = onlyTensor(inputs);
    if (!training || this.rate === 0) return x;
    const { rate, seed } = this;
    const shape = this.maskShape(x.shape);
    return tf.tidy(() => masked(x, dropoutMask(shape, rate, { seed, ...this.nextCall() })));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate, seed: this.seed };
  }

  /** Reads a saved config. */
  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    return new cls(layerArgs(config));
  }
}
