import type { NamedArrays } from '@xcp/safetensors';
import { callbackStates } from './callback-states';
import { emit } from './callbacks';
import type { Checkpoint } from './checkpoint/store';
import { checkEqual, checksumOf, sameWeights } from './collective/compare';
import { divergence } from './divergence';
import { rateOfStep, type Session, secondsSoFar } from './session';
import { modelVariables, readVariables } from './weights';

/**
 * Saves where the run stands, if there is a store: returns when all is copied, and has it written while the run goes
 * on. Waits for an earlier checkpoint that is still being written. Without a store it is kept in memory, where a
 * rollback may need it.
 */
export async function saveCheckpoint(session: Session): Promise<void> {
  const { state, store, write } = session;
  const { stored, collective } = session;
  const keeps = !stored && state.rollbackStep === state.step;
  session.unsaved = false;
  session.asked.save = false;
  if (!stored && !keeps) return;
  await finishSaving(session);
  const checkpoint = await snapshot(session);
  await checkEqual(collective, checksumOf(checkpoint.weights), sameWeights(state.step));
  if (keeps) session.snapshot = checkpoint;
  if (!store) return;
  const told = { step: state.step, best: state.best?.step === state.step };
  write.begin(async () => ({ name: await store.save(checkpoint), ...told }));
}

/** Tells of the checkpoint that was being written, if it is written by now; throws if it could not be. */
export async function tellSaved(session: Session): Promise<void> {
  const event = collect(session);
  if (!event) return;
  session.checkpoint = event.name;
  await emit(session.callbacks, 'onCheckpoint', event);
}

function collect(session: Session) {
  try {
    return session.write.collect();
  } catch (error) {
    // A store that has just failed is not asked again on the way out.
    session.exact = false;
    throw error;
  }
}

/** Waits for the checkpoint that is being written, if there is one, and tells of it. */
export async function finishSaving(session: Session): Promise<void> {
  await session.write.ended();
  await tellSaved(session);
}

/** A copy of all that a run needs to go on from here; nothing in it changes any more. */
async function snapshot(session: Session): Promise<Checkpoint> {
  const { model, optimizer, ema, state, callbacks } = session;
  const weights = await readVariables(modelVariables(model));
  const slots = await readVariables(optimizer.slots);
  // The last update can overflow after a loss that was still finite.
  checkFinite(session, weights);
  checkFinite(session, slots);
  const averages = ema && { ema: await readVariables(ema.variables) };
  if (averages) checkFinite(session, averages.ema);
  state.seconds = secondsSoFar(session);
  state.callbacks = { ...state.callbacks, ...callbackStates(callbacks) };
  return { weights, optimizer: slots, ...averages, state: structuredClone(state) };
}

function checkFinite(session: Session, arrays: NamedArrays): void {
  const { step } = session.state;
  for (const [name, { data }] of Object.entries(arrays)) {
    const wrong = firstNotFinite(data);
    if (wrong !== undefined) throw divergence(`'${name}'`, wrong, step, rateOfStep(session, step));
  }
}

/** A plain loop, several times as fast as a callback: the training waits for it. */
function firstNotFinite(data: Float32Array | Int32Array): number | undefined {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return data[i];
  return undefined;
}
