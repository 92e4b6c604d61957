import type { NamedArrays } from '@xcp/safetensors';

/** What a new run begins with in place of the model's initial weights. */
export interface TrainInit {
  /** By the model's names, batch-norm statistics included, as `modelWeights` and `readInit` give them. */
  weights: NamedArrays;
  /** `'fresh'` leaves the last layer that has weights as it is, for other classes. Default `'keep'`: all weights. */
  head?: 'keep' | 'fresh';
  /**
   * `'continue'` has the schedules go on from `step`, drawn over those steps and the ones of this run together, and
   * the optimizer from its slots, where they are given and the head is kept: for another course of the same training,
   * with other data, say. Default `'fresh'`: both begin anew.
   */
  schedule?: 'fresh' | 'continue';
  /** The steps that the weights have been trained for: needed to continue. */
  step?: number | null;
  /** The optimizer's slots at that step: for the same optimizer. Default none. */
  optimizer?: NamedArrays | null;
  /** Where they come from, for whoever keeps a record; a run takes no notice. */
  source?: unknown;
}

/** What became of the weights that a run was to begin with, by name. */
export interface InitReport {
  loaded: string[];
  /** Those of the model that stay as they were initialized. */
  fresh: string[];
  /** Those given that the model has no place for. */
  left: string[];
  /** Whether the optimizer goes on from its slots. */
  optimizer: boolean;
}
