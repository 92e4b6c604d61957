import type * as tfl from '@tensorflow/tfjs-layers';
import { type CheckpointStore, loadWeights, type TrainResult } from '@xcp/trainer';

/** Which weights a run ends with. */
export interface FinalWeights {
  kind: 'best' | 'last';
  epoch: number;
  step: number;
}

/**
 * Puts the weights of the best validation accuracy into the model, and tells which they are; without a validated
 * epoch the last weights stay.
 */
export async function takeBestWeights(
  model: tfl.LayersModel,
  store: CheckpointStore,
  result: TrainResult,
): Promise<FinalWeights> {
  const last: FinalWeights = { kind: 'last', epoch: result.epoch, step: result.step };
  if (!result.best) return last;
  const { epoch, step } = result.best;
  if (step !== result.step) {
    const { found, passedOver } = await store.best();
    if (!found) {
      const reasons = passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
      throw new Error(
        `checkpoints: the one with the best weights (epoch ${epoch}) cannot be read (${reasons})`,
      );
    }
    loadWeights(model, found.checkpoint.weights);
  }
  return { kind: 'best', epoch, step };
}
