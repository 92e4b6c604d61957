import * as tf from '@tensorflow/tfjs-core';
import { memoryLimit } from '@xcp/backend';
import type { EngineName } from '@xcp/backend/engines';

/**
 * Bytes that tensors may take on the active engine: its limit where it has one, else what the machine or its container
 * allows; `undefined` for a GPU, whose memory TensorFlow.js does not tell.
 */
export function memoryHere(engine: EngineName): number | undefined {
  const { limit } = tf.memory() as { limit?: number };
  if (limit !== undefined) return limit;
  return engine === 'cuda' || engine === 'webgpu' ? undefined : memoryLimit();
}
