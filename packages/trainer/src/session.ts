import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { checkSource } from './batch';
import { checkCallbacks, restoreCallbacks } from './callback-states';
import type { TrainCallback, TrainControl } from './callbacks';
import type { TrainState } from './checkpoint/state';
import type { Checkpoint } from './checkpoint/store';
import { received } from './config/checks';
import { continuedConfig } from './config/continued-config';
import { type ResolvedTrainConfig, resolveConfig, type TrainConfig } from './config/train-config';
import { checkMetrics, optimizerCourses, progressBefore } from './courses';
import { type WeightAverages, weightAverages } from './ema/weight-averages';
import { type FiguresQueue, figuresQueue } from './figures-queue';
import { checkModel } from './model';
import { createOptimizer, disposeOptimizer, type Optimizer } from './optimizers/optimizer';
import { trainableParameters } from './optimizers/parameters';
import { learningRateAt } from './schedule';
import { noTotals } from './totals';
import type { TrainOptions } from './train';
import { type TrainStep, trainStep } from './train-step';
import { checkArrays, modelVariables, writeVariables } from './weights';

/** A run from its start or resume to its stop. */
export interface Session
  extends Pick<TrainOptions, 'model' | 'trainData' | 'validationData' | 'store' | 'signal'> {
  callbacks: readonly TrainCallback[];
  /** What is handed to callbacks, to ask for what follows. */
  control: TrainControl;
  /** What callbacks have asked for and has not been done yet. */
  asked: { stop: string | null; save: boolean };
  clock: () => number;
  config: ResolvedTrainConfig;
  optimizer: Optimizer;
  trainStep: TrainStep;
  /** The averages of the weights, in a run that keeps them. */
  ema: WeightAverages | null;
  figures: FiguresQueue;
  /** Where the run stands; changes as it goes on. */
  state: TrainState;
  /** Steps of all epochs. */
  plannedSteps: number;
  /** Steps at which this session ends. */
  totalSteps: number;
  startedAt: number;
  secondsBefore: number;
  /** Images and seconds of this session's steps, for the speed. */
  trained: { images: number; seconds: number };
  /** Whether the state has moved on since it was saved or loaded. */
  unsaved: boolean;
  /** The name of the newest checkpoint of this session. */
  checkpoint: string | null;
}

/** Checks everything that a run is given, and makes the optimizer's slots. */
export async function openSession(options: TrainOptions): Promise<Session> {
  const { model, trainData, validationData, store, resumeFrom, signal } = options;
  const { callbacks = [], clock = () => performance.now() } = options;
  const config = resumeFrom
    ? continuedConfig(resumeFrom.state.config, options.config)
    : resolveConfig((options.config ?? {}) as TrainConfig);
  checkModel('train', model);
  checkCallbacks(callbacks);
  checkSource('train', 'trainData', trainData);
  if (validationData) checkSource('train', 'validationData', validationData);
  checkMetrics(config, validationData !== undefined);
  if (resumeFrom) {
    checkSameData(resumeFrom.state, trainData);
    checkLength(resumeFrom.state, config);
  } else {
    await checkFresh(options);
  }
  modelVariables(model);
  const parameters = trainableParameters(model, config.optimizer);
  const state = resumeFrom ? structuredClone(resumeFrom.state) : freshState(config, trainData);
  state.config = config;
  state.versions = versions();
  const plannedSteps = config.epochs * trainData.stepsPerEpoch;
  const courses = optimizerCourses(config, state, plannedSteps);
  const optimizer = createOptimizer(config.optimizer, parameters, courses);
  const asked: Session['asked'] = { stop: null, save: false };
  return {
    model,
    trainData,
    validationData,
    store,
    signal,
    callbacks,
    control: {
      stop: (reason) => {
        asked.stop ??= reason;
      },
      save: () => {
        asked.save = true;
      },
    },
    asked,
    clock,
    config,
    optimizer,
    trainStep: trainStep(model, parameters, optimizer, config.labelSmoothing),
    ema: config.ema && weightAverages(model, config.ema),
    figures: figuresQueue(),
    state,
    plannedSteps,
    totalSteps: Math.min(plannedSteps, config.maxSteps ?? plannedSteps),
    startedAt: clock(),
    secondsBefore: state.seconds,
    trained: { images: 0, seconds: 0 },
    unsaved: resumeFrom === undefined,
    checkpoint: null,
  };
}

/** Puts the model's weights, the optimizer's slots and the callbacks' states where the checkpoint has them. */
export function restoreSession(session: Session, checkpoint: Checkpoint): void {
  const { model, optimizer, ema, callbacks } = session;
  const variables = modelVariables(model);
  checkArrays('resume', variables, checkpoint.weights);
  checkArrays('resume', optimizer.slots, checkpoint.optimizer);
  if (ema) checkArrays('resume', ema.variables, checkpoint.ema ?? {});
  writeVariables(variables, checkpoint.weights);
  writeVariables(optimizer.slots, checkpoint.optimizer);
  if (ema) writeVariables(ema.variables, checkpoint.ema!);
  restoreCallbacks(callbacks, checkpoint.state.callbacks ?? {});
}

/** Frees what the session made; the model stays. */
export function closeSession({ optimizer, trainStep, ema, figures }: Session): void {
  trainStep.dispose();
  disposeOptimizer(optimizer);
  if (ema) tf.dispose(ema.variables as tf.NamedTensorMap);
  figures.dispose();
}

export function isAborted({ signal }: Session): boolean {
  return signal?.aborted ?? false;
}

/** Whether the steps of this session are to end here, before those of the epoch or the run are done. */
export function endsEarly(session: Session): boolean {
  return isAborted(session) || session.asked.stop !== null;
}

/** Wall time of the run so far, over all its sessions. */
export function secondsSoFar({ clock, startedAt, secondsBefore }: Session): number {
  return secondsBefore + (clock() - startedAt) / 1000;
}

/** The learning rate of a step, counted from 1. */
export function rateOfStep({ config, state, plannedSteps }: Session, step: number): number {
  return learningRateAt(config.schedule, progressBefore(step, state, plannedSteps));
}

function freshState(
  config: ResolvedTrainConfig,
  { size, stepsPerEpoch }: TrainOptions['trainData'],
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
    callbacks: {},
    seconds: 0,
    versions: versions(),
  };
}

function versions(): TrainState['versions'] {
  return { engine: tf.getBackend(), 'tfjs-core': tf.version_core, 'tfjs-layers': tfl.version_layers };
}

async function checkFresh({ store }: TrainOptions): Promise<void> {
  const [newest] = (await store?.list()) ?? [];
  if (newest === undefined) return;
  throw new Error(
    `train: \`store\` must be empty for a new run, received one that holds '${newest}'; ` +
      'use `resume` to go on with that run, or another store',
  );
}

function checkSameData(state: TrainState, { size, stepsPerEpoch }: TrainOptions['trainData']): void {
  if (state.examplesPerEpoch === size && state.stepsPerEpoch === stepsPerEpoch) return;
  const saved = { size: state.examplesPerEpoch, stepsPerEpoch: state.stepsPerEpoch };
  throw new Error(
    `resume: \`trainData\` must be that of the saved run, ${received(saved)}, ` +
      `received ${received({ size, stepsPerEpoch })}; use the same data and batch size`,
  );
}

function checkLength(
  { epoch, stepInEpoch, step }: TrainState,
  { epochs, maxSteps }: ResolvedTrainConfig,
): void {
  const begun = stepInEpoch > 0 ? epoch + 1 : epoch;
  if (epochs < begun) {
    throw new Error(`resume: \`epochs\` must be at least ${begun}, those begun, received ${epochs}`);
  }
  if (maxSteps !== null && maxSteps < step) {
    throw new Error(`resume: \`maxSteps\` must be at least ${step}, those done, received ${maxSteps}`);
  }
}
