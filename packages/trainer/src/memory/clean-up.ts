import * as tf from '@tensorflow/tfjs-core';

/**
 * Frees what TensorFlow.js had saved for a gradient that has failed, which it does not do itself, and lets the engine
 * give back what it keeps for later, if it can (`trim`): cut into pieces for the larger attempt, it is in the way.
 */
export function cleanUpAfterFailure(): void {
  const { state } = tf.engine();
  for (const { saved } of state.activeTape ?? []) {
    for (const tensor of saved ?? []) if (!tensor.isDisposed) tensor.dispose();
  }
  state.activeTape = null as never;
  (tf.backend() as { trim?(): void }).trim?.();
}
