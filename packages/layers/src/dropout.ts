import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { fraction, wholeSeed } from './checks';
import { onlyTensor } from './only';
import { deriveSeed, randomUniform } from './random';
import type { CallArgs, LayerArgs } from './types';

export interface DropoutArgs extends LayerArgs {
  /** The part of the values that a training step sets to 0, in [0, 1). */
  rate: number;
  /** The masks are a pure function of this whole number and of the training step. */
  seed: number;
}

/** The layer behind {@link dropout}; registered for saved models as `XcpDropout`. */
export class Dropout extends tfl.layers.Layer {
  static readonly className = 'XcpDropout';
  readonly rate: number;
  readonly seed: number;
  private step = 0;
  private callsInStep = 0;

  constructor(args: DropoutArgs) {
    super(args);
    this.rate = fraction('dropout', 'rate', args.rate);
    this.seed = wholeSeed('dropout', args.seed);
    this.supportsMasking = true;
  }

  /** See {@link setTrainingStep}. */
  setStep(step: number): void {
    this.step = step;
    this.callsInStep = 0;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training }: CallArgs): tf.Tensor {
    const x = onlyTensor(inputs);
    if (!training || this.rate === 0) return x;
    const stream = deriveSeed(this.seed, this.step, this.callsInStep++);
    const kept = 1 / (1 - this.rate);
    const mask = new Float32Array(x.size).map((_, i) => (randomUniform(stream, i) < this.rate ? 0 : kept));
    return tf.tidy(() => tf.mul(x, tf.tensor(mask, x.shape)));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate, seed: this.seed };
  }
}
tf.serialization.registerClass(Dropout);

/**
 * Dropout whose masks can be repeated: a pure function of (seed, training step, index).
 *
 * In training each value is set to 0 with probability `rate` and the others are scaled by 1 / (1 − rate);
 * otherwise the input, of any shape, passes through. Every training call draws a new mask. For the same
 * masks after a resume, tell the layers the step with {@link setTrainingStep}.
 *
 * @example dropout({ rate: 0.5, seed: 1 });
 * @throws if `rate` is not in [0, 1) or `seed` is not a whole number.
 * @see keras/src/layers/regularization/dropout.py
 */
export function dropout(args: DropoutArgs): Dropout {
  return new Dropout(args);
}

/**
 * Tells every {@link dropout} layer of a model which training step comes next, so that a resumed run draws
 * the masks that an uninterrupted one would have drawn.
 *
 * @example setTrainingStep(model, 1400);
 */
export function setTrainingStep(model: tfl.LayersModel, step: number): void {
  for (const layer of model.layers) {
    if (layer instanceof Dropout) layer.setStep(step);
    else if ('layers' in layer) setTrainingStep(layer as tfl.LayersModel, step);
  }
}
