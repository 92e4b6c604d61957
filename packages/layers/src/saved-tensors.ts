import * as tf from '@tensorflow/tfjs-core';

/** The function with which a custom gradient keeps tensors for the backward pass. */
export type Save = (tensors: tf.Tensor[]) => void;

/**
 * Saves tensors for the backward pass and gives a function that puts them back together from what was saved.
 *
 * A variable outlives the backward pass, so it is remembered as it is, which costs no clone.
 */
export function saveTensors<T extends tf.Tensor[]>(save: Save, tensors: [...T]): (saved: tf.Tensor[]) => T {
  const isVariable = tensors.map((tensor) => tensor instanceof tf.Variable);
  save(tensors.filter((_, i) => !isVariable[i]));
  return (saved) => {
    let next = 0;
    return tensors.map((tensor, i) => (isVariable[i] ? tensor : saved[next++])) as T;
  };
}

/**
 * Frees the tensors that a custom gradient kept, as soon as it has read them.
 *
 * TensorFlow.js frees them at the end of the whole backward pass, by when it holds every gradient as well.
 */
export function releaseSaved(saved: tf.Tensor[]): void {
  // While a tape is running, an outer derivative will come back for them.
  if (!tf.engine().isTapeOn()) tf.dispose(saved);
}
