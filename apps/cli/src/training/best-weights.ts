import type * as tfl from '@tensorflow/tfjs-layers';
import { type CheckpointStore, loadWeights, type TrainResult } from '@xcp/trainer';
import { averagesAreBetter } from './averages-are-better';

/** Which weights a run ends with. */
export interface FinalWeights {
  kind: 'best' | 'last';
  epoch: number;
  step: number;
  /** Whether they are the averages that the run keeps, which were judged better than the weights themselves. */
  averaged: boolean;
  validation: { loss: number; accuracy: number } | null;
}

/**
 * Puts the weights of the best epoch into the model, or their averages where those are better, and tells which they
 * are; without a validated epoch the last weights stay.
 */
export async function takeBestWeights(
  model: tfl.LayersModel,
  store: CheckpointStore,
  result: TrainResult,
): Promise<FinalWeights> {
  const { best } = result;
  const record = best && result.history.find(({ epoch }) => epoch === best.epoch);
  const figures = record ?? { validation: result.validation, ema: result.ema?.validation };
  const averaged = averagesAreBetter(figures.validation, figures.ema);
  const judged = (averaged ? figures.ema : figures.validation) ?? null;
  const validation = judged && { loss: judged.loss, accuracy: judged.accuracy };
  if (!best || best.step === result.step) {
    if (averaged) loadWeights(model, result.ema!.weights);
  } else {
    const { found, passedOver } = await store.best();
    if (!found) {
      const reasons = passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
      throw new Error(
        `checkpoints: the one with the best weights (epoch ${best.epoch}) cannot be read (${reasons})`,
      );
    }
    loadWeights(model, averaged ? found.checkpoint.ema! : found.checkpoint.weights);
  }
  const { epoch, step } = best ?? result;
  return { kind: best ? 'best' : 'last', epoch, step, averaged, validation };
}
