import * as tf from '@tensorflow/tfjs-core';
import { fraction, wholeSeed } from './checks';
import { dropoutMask, masked } from './dropout-mask';
import { layerArgs } from './keras-args';
import { onlyTensor } from './only';
import { SteppedLayer } from './training-step';
import type { CallArgs, LayerArgs } from './types';
import { layerKeys, rejectUnknownKeys } from './unknown-keys';

export interface DropPathArgs extends LayerArgs {
  /** The chance that a training step leaves an example's branch out, in [0, 1). */
  rate: number;
  /** Which ones are left out is a pure function of this whole number and of the training step. */
  seed: number;
}

/** The layer behind {@link dropPath}; registered for saved models as `XcpDropPath`. */
export class DropPath extends SteppedLayer {
  static readonly className = 'XcpDropPath';
  readonly rate: number;
  readonly seed: number;

  constructor(args: DropPathArgs) {
    super(args);
    rejectUnknownKeys('dropPath', args, ['rate', 'seed', ...layerKeys]);
    this.rate = fraction('dropPath', 'rate', args.rate);
    this.seed = wholeSeed('dropPath', args.seed);
    this.supportsMasking = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training }: CallArgs): tf.Tensor {
    const x = onlyTensor(inputs);
    if (!training || this.rate === 0) return x;
    const { rate, seed } = this;
    const shape = x.shape.map((size, axis) => (axis === 0 ? size : 1));
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
tf.serialization.registerClass(DropPath);

/**
 * Stochastic depth: a layer for the end of a residual branch, in front of the sum.
 *
 * In training it sets the whole branch of an example to 0 with probability `rate` and scales the others by
 * 1 / (1 − rate), so that the example goes by the shortcut alone; otherwise [batch, …], of any rank, passes through.
 * As with {@link dropout}, the choice is a pure function of (seed, training step, call, example), the same on every
 * engine; {@link setTrainingStep} repeats it.
 *
 * @example
 * const branch = dropPath({ rate: 0.1, seed: 1 }).apply(convolutions);
 * const sum = tf.layers.add().apply([branch, shortcut]);
 * @throws if `rate` is not in [0, 1), `seed` is not a whole number, or a key is unknown.
 * @see Huang et al., "Deep Networks with Stochastic Depth"; timm/layers/drop.py
 */
export function dropPath(args: DropPathArgs): DropPath {
  return new DropPath(args);
}
