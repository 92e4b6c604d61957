import type { ResolvedTrainConfig } from '../config/train-config';
import type { StepsBefore } from '../init/plan-init';
import type { Totals } from '../totals';

/** What an epoch came to. */
export interface EpochRecord {
  /** The number of the epoch, from 1. */
  epoch: number;
  /** Steps of the run at its end. */
  step: number;
  /** Mean training loss, regularization included, over the epoch while the weights moved. */
  loss: number;
  accuracy: number;
  /** Null where this epoch was not validated. */
  validation: { loss: number; accuracy: number } | null;
  /** The validation of the averaged weights; null where there are none or this epoch was not validated. */
  ema: { loss: number; accuracy: number } | null;
  /** The learning rate of its last step. */
  learningRate: number;
  /** Time spent on it, validation and checkpoints included. */
  seconds: number;
}

/** The best epoch so far by the configured `bestMetric`; the earlier one of equals. */
export interface Best {
  epoch: number;
  step: number;
  /** Of its validation; null where it was not validated. */
  loss: number | null;
  /** Of its validation; null where it was not validated. */
  accuracy: number | null;
}

/** A return to a checkpoint after the run had diverged. */
export interface RollbackRecord {
  /** The step of the checkpoint. */
  toStep: number;
  /** What the learning rates of the schedule were multiplied by from then on. */
  learningRateFactor: number;
}

/** Where a run stands between two steps: all of it besides weights and optimizer slots. */
export interface TrainState {
  format: 1;
  /** Steps done. */
  step: number;
  /** Epochs done, validation included. */
  epoch: number;
  /** Steps done in the epoch that is under way. */
  stepInEpoch: number;
  stepsPerEpoch: number;
  /** Examples in one epoch. */
  examplesPerEpoch: number;
  config: ResolvedTrainConfig;
  /** Sums over the epoch under way. */
  epochTotals: Totals;
  /** Sums since the last log event. */
  logTotals: Totals;
  /** The epochs done. */
  history: EpochRecord[];
  best: Best | null;
  /** Steps that schedules and optimizer count before the first of this run: above 0 where `init` continues them. */
  before: StepsBefore;
  /** Images whose gradients are computed at a time; null for the whole batch. Falls where memory runs out. */
  microBatchSize: number | null;
  /** Images that are validated at a time; null for the whole batch. Falls where memory runs out. */
  validationBatchSize: number | null;
  /** What the learning rates of the schedule are multiplied by: 1 until a rollback. */
  learningRateFactor: number;
  /** The step of the checkpoint that a rollback goes to; null where there is none because the run is to stop. */
  rollbackStep: number | null;
  rollbacks: RollbackRecord[];
  /** What callbacks keep, by their names. */
  callbacks: Record<string, unknown>;
  /** Wall time of the run so far, over all its sessions. */
  seconds: number;
  /** The engine and the libraries, which a bit-identical resume needs to be the same. */
  versions: { engine: string; 'tfjs-core': string; 'tfjs-layers': string };
}
