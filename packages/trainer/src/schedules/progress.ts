/** What an epoch came to, as far as a schedule may look at it. */
export interface EpochFigures {
  /** Steps done at its end. */
  step: number;
  loss: number;
  accuracy: number;
  /** Null where the epoch was not validated. */
  validation: { loss: number; accuracy: number } | null;
  /** Of the averaged weights; null or left out where there are none. */
  ema?: { loss: number; accuracy: number } | null;
}

/** Where a run, or its part of a sequence, stands. */
export interface Progress {
  /** Steps done so far. */
  step: number;
  stepsPerEpoch: number;
  /** Examples in one epoch. */
  examplesPerEpoch: number;
  /** Steps of the whole run as planned, whether or not it is cut short. */
  plannedSteps: number;
  /** The epochs done, which `plateau` alone looks at. Default none. */
  history?: readonly EpochFigures[];
}

/** The share of the planned steps that is done, from 0 to 1. */
export function shareDone({ step, plannedSteps }: Progress): number {
  return Math.min(1, step / plannedSteps);
}

/** The value at a share of the way from one to another. */
export function between(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}
