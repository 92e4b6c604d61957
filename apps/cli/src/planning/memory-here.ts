import * as tf from '@tensorflow/tfjs-core';

/** Bytes that tensors may take on the active engine: its limit where it has one. */
export function memoryHere(): number {
  const { limit } = tf.memory() as { limit?: number };
  return limit ?? Number.MAX_SAFE_INTEGER;
}
