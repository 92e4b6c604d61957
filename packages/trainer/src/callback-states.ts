import type { TrainCallback } from './callbacks';
import { received } from './config/checks';

/** What the callbacks keep, by their names, as it is now. */
export function callbackStates(callbacks: readonly TrainCallback[]): Record<string, unknown> {
  return Object.fromEntries(states(callbacks).map((state) => [state.name, state.save()]));
}

/** Hands every callback what was kept for it; those that the earlier session did not have begin afresh. */
export function restoreCallbacks(callbacks: readonly TrainCallback[], saved: Record<string, unknown>): void {
  for (const state of states(callbacks)) {
    if (Object.hasOwn(saved, state.name)) state.restore(saved[state.name]);
  }
}

/** @throws if two callbacks would keep their state under one name. */
export function checkCallbacks(callbacks: readonly TrainCallback[]): void {
  const names = states(callbacks).map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new Error(
    `train: \`callbacks\` must keep their states under different names, received ${received(twice)} twice`,
  );
}

const states = (callbacks: readonly TrainCallback[]) => callbacks.flatMap(({ state }) => state ?? []);
