import type { NamedArrays } from '@xcp/safetensors';
import { callbackStates } from './callback-states';
import { emit } from './callbacks';
import { divergence } from './divergence';
import { rateOfStep, type Session, secondsSoFar } from './session';
import { modelVariables, readVariables } from './weights';

/** Saves where the run stands, if there is a store. */
export async function saveCheckpoint(session: Session): Promise<void> {
  const { model, optimizer, ema, state, store, callbacks } = session;
  session.unsaved = false;
  session.asked.save = false;
  if (!store) return;
  const weights = await readVariables(modelVariables(model));
  const slots = await readVariables(optimizer.slots);
  // The last update can overflow after a loss that was still finite.
  checkFinite(session, weights);
  checkFinite(session, slots);
  const averages = ema && { ema: await readVariables(ema.variables) };
  if (averages) checkFinite(session, averages.ema);
  state.seconds = secondsSoFar(session);
  state.callbacks = { ...state.callbacks, ...callbackStates(callbacks) };
  const name = await store.save({ weights, optimizer: slots, ...averages, state: structuredClone(state) });
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
