import type { NamedArrays } from '@xcp/safetensors';
import { callbackStates } from './callback-states';
import { emit } from './callbacks';
import { divergence } from './divergence';
import { rateOfStep, type Session, secondsSoFar } from './session';
import { modelVariables, readVariables } from './weights';

/** Saves where the run stands, if there is a store, or in memory if a rollback needs it there. */
export async function saveCheckpoint(session: Session): Promise<void> {
  const { model, optimizer, state, store, callbacks } = session;
  const keeps = !store && state.rollbackStep === state.step;
  session.unsaved = false;
  session.asked.save = false;
  if (!store && !keeps) return;
  const weights = await readVariables(modelVariables(model));
  const slots = await readVariables(optimizer.slots);
  // The last update can overflow after a loss that was still finite.
  checkFinite(session, weights);
  checkFinite(session, slots);
  state.seconds = secondsSoFar(session);
  state.callbacks = { ...state.callbacks, ...callbackStates(callbacks) };
  const checkpoint = { weights, optimizer: slots, state: structuredClone(state) };
  if (keeps) session.snapshot = checkpoint;
  if (!store) return;
  const name = await store.save(checkpoint);
  session.checkpoint = name;
  const best = state.best?.step === state.step;
  await emit(callbacks, 'onCheckpoint', { name, step: state.step, best });
}

function checkFinite(session: Session, arrays: NamedArrays): void {
  const { step } = session.state;
  for (const [name, { data }] of Object.entries(arrays)) {
    const wrong = data.find((value) => !Number.isFinite(value));
    if (wrong !== undefined) throw divergence(`'${name}'`, wrong, step, rateOfStep(session, step));
  }
}
