import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { BatchSource } from './batch';
import type { TrainState } from './checkpoint/state';
import type { ResolvedTrainConfig } from './config/train-config';
import type { InitPlan } from './init/plan-init';
import { noTotals } from './totals';

/** The state of a run of which no step is done. */
export function freshState(
  config: ResolvedTrainConfig,
  { size, stepsPerEpoch }: BatchSource,
  init: InitPlan | null,
): TrainState {
  return {
    format: 1,
    step: 0,
    epoch: 0,
    stepInEpoch: 0,
    stepsPerEpoch,
    examplesPerEpoch: size,
    config,
    epochTotals: noTotals,
    logTotals: noTotals,
    history: [],
    best: null,
    before: init?.before ?? { schedule: 0, optimizer: 0 },
    microBatchSize: config.microBatchSize,
    validationBatchSize: null,
    learningRateFactor: 1,
    rollbackStep: null,
    rollbacks: [],
    callbacks: {},
    seconds: 0,
    versions: versions(),
  };
}

/** What computes, as checkpoints tell it. */
export function versions(): TrainState['versions'] {
  return { engine: tf.getBackend(), 'tfjs-core': tf.version_core, 'tfjs-layers': tfl.version_layers };
}

/** Takes the record of an epoch back that ended incomplete with the steps planned then, and goes on now. */
export function reopenEpoch(state: TrainState): void {
  state.history = state.history.filter(({ epoch }) => epoch <= state.epoch);
}
