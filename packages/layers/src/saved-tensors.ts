import * as tf from '@tensorflow/tfjs-core';

/** The function with which a custom gradient keeps tensors for the backward pass. */
export type Save = (tensors: tf.Tensor[]) => void;

/**
 * What a custom gradient gives back: a value, and its gradient as a function of `dy` and of `tensors`, which are
 * saved for the backward pass.
 *
 * A variable outlives the backward pass, so it is remembered as it is, which costs no clone. What was saved is freed as
 * soon as the gradient has read it: TensorFlow.js frees it at the end of the whole backward pass, by when it holds
 * every gradient as well.
 */
export function withGradient<T extends tf.Tensor[], G extends tf.Tensor | tf.Tensor[]>(
  value: tf.Tensor,
  save: Save,
  tensors: [...T],
  gradient: (dy: tf.Tensor, tensors: T) => G,
) {
  const isVariable = tensors.map((tensor) => tensor instanceof tf.Variable);
  save(tensors.filter((_, i) => !isVariable[i]));
  const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): G => {
    let next = 0;
    const restored = tensors.map((tensor, i) => (isVariable[i] ? tensor : saved[next++])) as T;
    const gradients = gradient(dy, restored);
    // While a tape is running, an outer derivative will come back for them.
    if (!tf.engine().isTapeOn()) tf.dispose(saved);
    return gradients;
  };
  return { value, gradFunc };
}
