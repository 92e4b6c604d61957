import * as tf from '@tensorflow/tfjs-core';
import { MaskingLayer } from './masking-layer';
import type { LayerArgs } from './types';

export interface DropPathArgs extends LayerArgs {
  /** The chance that a training step leaves an example's branch out, in [0, 1). */
  rate: number;
  /** Which ones are left out is a pure function of this whole number and of the training step. */
  seed: number;
}

/** The layer behind {@link dropPath}; registered for saved models as `XcpDropPath`. */
export class DropPath extends MaskingLayer {
  static readonly className = 'XcpDropPath';

  constructor(args: DropPathArgs) {
    super('dropPath', args);
  }

  protected override maskShape(inputShape: number[]): number[] {
    return inputShape.map((size, axis) => (axis === 0 ? size : 1));
  }
}
tf.serialization.registerClass(DropPath);

/**
 * Stochastic depth: a layer for the end of a residual branch, in front of the sum.
 *
 * In training it sets the whole branch of an example to 0 with probability `rate` and scales the others by
 * 1 / (1 − rate), so that the example goes by the shortcut alone; otherwise [batch, …], of any rank, passes through.
 * As with {@link dropout}, the choice is a pure function of (seed, training step, call, example), the same on every
 * engine; `setTrainingStep` repeats it.
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
