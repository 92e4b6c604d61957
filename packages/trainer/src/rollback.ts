import { emit } from './callbacks';
import type { RollbackRecord } from './checkpoint/state';
import { type Checkpoint, checkpointName } from './checkpoint/store';
import { agree } from './collective/agree';
import { broadcastCheckpoint } from './collective/broadcast';
import { DivergenceError } from './divergence';
import { reopenEpoch } from './fresh-state';
import { restoreSession } from './restore-session';
import { finishSaving } from './save-checkpoint';
import { type Session, secondsSoFar } from './session';

/** Does a part of the run; where it diverges and the configuration says so, goes back to a checkpoint and gives null. */
export async function withRollback<T>(session: Session, part: () => Promise<T>): Promise<T | null> {
  try {
    return await part();
  } catch (error) {
    if (!(error instanceof DivergenceError) || session.config.onDivergence === 'stop') throw error;
    await rollBack(session, error);
    return null;
  }
}

async function rollBack(session: Session, error: DivergenceError): Promise<void> {
  const { state, callbacks, control, asked } = session;
  // It may be the very checkpoint to go back to.
  await finishSaving(session);
  const { rollback, factor } = session.config.onDivergence as { rollback: number; factor: number };
  const target = state.rollbacks.length < rollback ? await rollbackTarget(session) : null;
  const checkpoint = await broadcastCheckpoint(session.collective, target);
  if (!checkpoint) throw withAttempts(error, state.rollbacks);

  const learningRateFactor = state.learningRateFactor * factor;
  const toStep = checkpoint.state.step;
  restoreSession(session, checkpoint);
  // The same object, for others hold on to it.
  Object.assign(state, structuredClone(checkpoint.state), {
    config: session.config,
    versions: state.versions,
    seconds: secondsSoFar(session),
    microBatchSize: state.microBatchSize,
    validationBatchSize: state.validationBatchSize,
    learningRateFactor,
    rollbackStep: toStep,
    rollbacks: [...state.rollbacks, { toStep, learningRateFactor }],
  });
  reopenEpoch(state);
  session.unsaved = true;
  // What was asked for in the steps undone is undone with them.
  asked.stop = null;
  asked.save = false;
  const { step, reason } = error;
  const event = { step, toStep, toEpoch: state.epoch, learningRateFactor, reason };
  await emit(callbacks, 'onRollback', event, control);
  await agree(session);
}

/** The checkpoint of the end of an epoch (or the beginning) that the state names; the newest valid one if it is gone. */
async function rollbackTarget({ store, state, snapshot }: Session): Promise<Checkpoint | null> {
  if (!store) return snapshot;
  const named = await store.load(checkpointName(state.rollbackStep ?? 0)).catch(() => null);
  return named ?? (await store.latest()).found?.checkpoint ?? snapshot;
}

function withAttempts(error: DivergenceError, rollbacks: readonly RollbackRecord[]): DivergenceError {
  const attempts = rollbacks.map(
    ({ toStep, learningRateFactor }) => `from step ${toStep} with the learning rate × ${learningRateFactor}`,
  );
  const tried = attempts.length > 0 ? `after trying again ${attempts.join(', ')}` : 'before any checkpoint';
  return new DivergenceError(
    error.reason,
    error.step,
    `${tried}; begin with a lower learning rate or a longer warmup, and check that the images are normalized; ` +
      'earlier checkpoints are untouched',
    { cause: error },
  );
}
