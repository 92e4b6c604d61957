import { DivergenceError } from '../divergence';
import { PeerError, RanksDifferError } from './collective';

const told = new WeakSet<object>();

/** Notes of an error of this rank that the others know of it. */
export function othersKnow(error: unknown): void {
  if (typeof error === 'object' && error !== null) told.add(error);
}

/**
 * Whether an error of `train` or `resume` ends every rank by itself, so that none waits for this one: one of them may
 * tell it, and all can close their collective.
 *
 * @example if (!endsAllRanks(error)) collective.abort(error);
 */
export function endsAllRanks(error: unknown): boolean {
  return (
    error instanceof DivergenceError ||
    error instanceof RanksDifferError ||
    error instanceof PeerError ||
    (typeof error === 'object' && error !== null && told.has(error))
  );
}
