import * as tf from '@tensorflow/tfjs-core';
import { fraction, wholeSeed } from './checks';
import { dropoutMask, masked } from './dropout-mask';
import { layerArgs } from './keras-args';
import { onlyTensor } from './only';
import { SteppedLayer } from './training-step';
import type { CallArgs, LayerArgs } from './types';
import { layerKeys, rejectUnknownKeys } from './unknown-keys';

export interface DropoutArgs extends LayerArgs {
  /** The part of the values that a training step sets to 0, in [0, 1). */
  rate: number;
  /** The masks are a pure function of this whole number and of the training step. */
  seed: number;
}

/** The layer behind {@link dropout}; registered for saved models as `XcpDropout`. */
export class Dropout extends SteppedLayer {
  static readonly className = 'XcpDropout';
  readonly rate: number;
  readonly seed: number;

  constructor(args: DropoutArgs) {
    super(args);
    rejectUnknownKeys('dropout', args, ['rate', 'seed', ...layerKeys]);
    this.rate = fraction('dropout', 'rate', args.rate);
    this.seed = wholeSeed('dropout', args.seed);
    this.supportsMasking = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training }: CallArgs): tf.Tensor {
    const x = onlyTensor(inputs);
    if (!training || this.rate === 0) return x;
    const { rate, seed } = this;
    return tf.tidy(() => masked(x, dropoutMask(x.shape, rate, { seed, ...this.nextCall() })));
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
tf.serialization.registerClass(Dropout);

/**
 * Dropout whose masks can be repeated: a pure function of (seed, training step, call, index), the same on every engine.
 *
 * In training each value is set to 0 with probability `rate` and the others are scaled by 1 / (1 − rate);
 * otherwise the input, of any shape, passes through. Every call within a step draws a new mask. For the same
 * masks after a resume, tell the layers the step with {@link setTrainingStep}.
 *
 * @example dropout({ rate: 0.5, seed: 1 });
 * @throws if `rate` is not in [0, 1), `seed` is not a whole number, or a key is unknown.
 * @see keras/src/layers/regularization/dropout.py
 */
export function dropout(args: DropoutArgs): Dropout {
  return new Dropout(args);
}
