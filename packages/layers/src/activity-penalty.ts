import * as tf from '@tensorflow/tfjs-core';
import type { Regularizer } from './types';

/**
 * Holds the penalty on a layer's output from the training call until the model adds its losses up.
 *
 * TensorFlow.js knows penalties on weights alone, which it computes when it asks for them (`calculateLosses`). One on
 * an output can only be computed when the layer is called, so it waits here. As in Keras it is divided by the batch.
 */
export class ActivityPenalty {
  private pending: tf.Scalar | null = null;

  constructor(private readonly regularizer: Regularizer) {}

  /** Adds the penalty on `y`, if somebody is about to differentiate it. */
  record(y: tf.Tensor): void {
    if (!tf.engine().isTapeOn()) return;
    const previous = this.pending?.isDisposed === false ? this.pending : null;
    this.pending = tf.tidy(() => {
      const penalty = tf.div(this.regularizer.apply(y), Math.max(1, y.shape[0]!));
      return tf.keep(previous ? tf.add(previous, penalty) : penalty) as tf.Scalar;
    });
    previous?.dispose();
  }

  /** The penalty of all calls since the last time; 0 if there was none. */
  take(): tf.Scalar {
    const { pending } = this;
    this.pending = null;
    if (!pending) return tf.scalar(0);
    // Unlike what was kept, its clone is freed with everything else of the step.
    const taken = tf.clone(pending);
    pending.dispose();
    return taken;
  }
}
