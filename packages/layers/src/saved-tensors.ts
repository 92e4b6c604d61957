import * as tf from '@tensorflow/tfjs-core';

/** The function with which a custom gradient keeps tensors for the backward pass. */
export type Save = (tensors: tf.Tensor[]) => void;

/**
 * Frees the tensors that a custom gradient kept, as soon as it has read them.
 *
 * TensorFlow.js frees them at the end of the whole backward pass, by when it holds every gradient as well.
 */
export function releaseSaved(saved: tf.Tensor[]): void {
  // While a tape is running, an outer derivative will come back for them.
  if (!tf.engine().isTapeOn()) tf.dispose(saved);
}
