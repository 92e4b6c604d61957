import * as tf from '@tensorflow/tfjs-core';
import { MaskingLayer } from './masking-layer';
import type { LayerArgs } from './types';

export interface DropoutArgs extends LayerArgs {
  /** The part of the values that a training step sets to 0, in [0, 1). */
  rate: number;
  /** The masks are a pure function of this whole number and of the training step. */
  seed: number;
}

/** The layer behind {@link dropout}; registered for saved models as `XcpDropout`. */
export class Dropout extends MaskingLayer {
  static readonly className = 'XcpDropout';

  constructor(args: DropoutArgs) {
    super('dropout', args);
  }

  protected override maskShape(inputShape: number[]): number[] {
    return inputShape;
  }
}
tf.serialization.registerClass(Dropout);

/**
 * Dropout whose masks can be repeated: a pure function of (seed, training step, call, index), the same on every engine.
 *
 * In training each value is set to 0 with probability `rate` and the others are scaled by 1 / (1 − rate);
 * otherwise the input, of any shape, passes through. Every call within a step draws a new mask. For the same
 * masks after a resume, tell the layers the step with `setTrainingStep`.
 *
 * @example dropout({ rate: 0.5, seed: 1 });
 * @throws if `rate` is not in [0, 1), `seed` is not a whole number, or a key is unknown.
 * @see keras/src/layers/regularization/dropout.py
 */
export function dropout(args: DropoutArgs): Dropout {
  return new Dropout(args);
}
