import type * as tf from '@tensorflow/tfjs-core';
import type { Batch } from './batch';
import { emit } from './callbacks';
import { halved, StepOutOfMemory } from './memory/out-of-memory';
import type { Session } from './session';

/**
 * Takes the step that comes next; where memory runs out it is taken again with half as many images at a time, and so
 * are all that follow.
 */
export async function takeStep(session: Session, batch: Batch, learningRate: number): Promise<tf.Tensor2D> {
  const { trainStep, state, callbacks, control, collective } = session;
  // The largest share, so that all ranks come to the same size.
  const most = Math.ceil(batch.labels.length / collective.size);
  for (;;) {
    const size = Math.min(most, state.microBatchSize ?? most);
    try {
      return await trainStep.take(batch, learningRate, state.step + 1, size);
    } catch (error) {
      if (!(error instanceof StepOutOfMemory)) throw error;
      if (size <= 1) throw error.cause;
      state.microBatchSize = halved(size);
      const { step, microBatchSize } = state;
      const event = { step, during: 'training' as const, microBatchSize, reason: error.message };
      await emit(callbacks, 'onOutOfMemory', event, control);
    }
  }
}
