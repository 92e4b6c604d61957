import { received } from './config/checks';

/** The error of a run whose numbers are no longer finite. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';

  constructor(
    /** What was not finite, and when. */
    readonly reason: string,
    /** The step after which it was found. */
    readonly step: number,
    advice: string,
    options?: ErrorOptions,
  ) {
    super(`train: ${reason}; ${advice}`, options);
  }
}

/** The error for a number of a run that is no longer finite. */
export function divergence(what: string, value: number, step: number, learningRate: number): DivergenceError {
  // JSON has no NaN and no infinities, which are the very values to tell.
  const shown = Number.isFinite(value) ? received(value) : String(value);
  return new DivergenceError(
    `${what} must stay finite, received ${shown} at step ${step} with learning rate ${learningRate}`,
    step,
    'try a lower learning rate or a longer warmup, and check that the images are normalized; ' +
      'earlier checkpoints are untouched',
  );
}
