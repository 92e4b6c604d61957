import { emit } from './callbacks';
import { agree } from './collective/agree';
import { divergence } from './divergence';
import { withAverages } from './ema/with-averages';
import { type Evaluation, evaluateTogether } from './evaluate';
import { isAborted, rateOfStep, type Session } from './session';

/** What the validation data say of the weights, and of their averages where the run keeps them. */
export interface Validation {
  ofWeights: Evaluation;
  ofAverages: Evaluation | null;
}

/** The validation that is due after the steps of an epoch, or null if none is due or the run is aborted in it. */
export async function validate(session: Session): Promise<Validation | null> {
  const { model, validationData, config, state, totalSteps, ema, signal, asked } = session;
  const due =
    (state.epoch + 1) % config.validateEveryEpochs === 0 || state.step === totalSteps || asked.stop !== null;
  if (!validationData || !due) return null;
  const onOutOfMemory = async ({ microBatchSize, reason }: { microBatchSize: number; reason: string }) => {
    state.validationBatchSize = microBatchSize;
    const event = { step: state.step, during: 'validation' as const, microBatchSize, reason };
    await emit(session.callbacks, 'onOutOfMemory', event, session.control);
  };
  const judge = async (what: string) => {
    const options = { microBatchSize: state.validationBatchSize, onOutOfMemory, ...(signal && { signal }) };
    const together = { collective: session.collective, beforeBatch: () => agree(session) };
    const evaluation = await evaluateTogether({ model, data: validationData, ...options }, together);
    if (Number.isFinite(evaluation.loss)) return evaluation;
    session.exact = false;
    throw divergence(what, evaluation.loss, state.step, rateOfStep(session, state.step));
  };
  try {
    const ofWeights = await judge('the validation loss');
    const ofAverages =
      ema && (await withAverages(model, ema, () => judge('the validation loss of the averaged weights')));
    return { ofWeights, ofAverages };
  } catch (error) {
    if (isAborted(session) && error === signal?.reason) return null;
    throw error;
  }
}
