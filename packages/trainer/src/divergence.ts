import { received } from './config/checks';

/** The error for a run whose numbers are no longer finite. */
export function divergence(what: string, value: number, step: number, learningRate: number): Error {
  // JSON has no NaN and no infinities, which are the very values to tell.
  const shown = Number.isFinite(value) ? received(value) : String(value);
  return new Error(
    `train: ${what} must stay finite, received ${shown} at step ${step} with learning rate ${learningRate}; ` +
      'try a lower learning rate or a longer warmup, and check that the images are normalized; ' +
      'earlier checkpoints are untouched',
  );
}
