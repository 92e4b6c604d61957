import { emit } from './callbacks';
import { divergence } from './divergence';
import { type Evaluation, evaluate } from './evaluate';
import { isAborted, rateOfStep, type Session } from './session';

/** The validation that is due after the steps of an epoch, or null if none is due or the run is aborted in it. */
export async function validate(session: Session): Promise<Evaluation | null> {
  const { model, validationData, config, state, totalSteps, signal, asked } = session;
  const due =
    (state.epoch + 1) % config.validateEveryEpochs === 0 || state.step === totalSteps || asked.stop !== null;
  if (!validationData || !due) return null;
  const onOutOfMemory = async ({ microBatchSize, reason }: { microBatchSize: number; reason: string }) => {
    state.validationBatchSize = microBatchSize;
    const event = { step: state.step, during: 'validation' as const, microBatchSize, reason };
    await emit(session.callbacks, 'onOutOfMemory', event, session.control);
  };
  try {
    const options = { microBatchSize: state.validationBatchSize, onOutOfMemory, ...(signal && { signal }) };
    const evaluation = await evaluate({ model, data: validationData, ...options });
    if (Number.isFinite(evaluation.loss)) return evaluation;
    session.exact = false;
    throw divergence('the validation loss', evaluation.loss, state.step, rateOfStep(session, state.step));
  } catch (error) {
    if (isAborted(session) && error === signal?.reason) return null;
    throw error;
  }
}
