import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { NamedArrays } from '@xcp/safetensors';
import { type Batch, checkSource } from './batch';
import { checkCallbacks, restoreCallbacks } from './callback-states';
import type { CheckpointEvent, TrainCallback, TrainControl } from './callbacks';
import { type BackgroundWrite, backgroundWrite } from './checkpoint/background-write';
import { checkpointCallback } from './checkpoint/checkpoint-callback';
import type { TrainState } from './checkpoint/state';
import type { Checkpoint } from './checkpoint/store';
import { checkSynchronizable } from './collective/check-synchronizable';
import { alone, type Collective } from './collective/collective';
import { sharedStep } from './collective/shared-step';
import { received } from './config/checks';
import { continuedConfig } from './config/continued-config';
import { scaleAt } from './config/learning-rate-scale';
import { type ResolvedTrainConfig, resolveConfig, type TrainConfig } from './config/train-config';
import { checkContinuable, checkMetrics, optimizerCourses, progressBefore } from './courses';
import { type WeightAverages, weightAverages } from './ema/weight-averages';
import { type FiguresQueue, figuresQueue } from './figures-queue';
import { type InitPlan, planInit } from './init/plan-init';
import type { TrainInit } from './init/train-init';
import { checkModel } from './model';
import { countFrom } from './optimizers/count-from';
import { createOptimizer, disposeOptimizer, type Optimizer } from './optimizers/optimizer';
import { trainableParameters } from './optimizers/parameters';
import { learningRateAt } from './schedule';
import { noTotals } from './totals';
import type { TrainOptions } from './train';
import { trainStep } from './train-step';
import { checkArrays, modelVariables, writeVariables } from './weights';

/** A run from its start or resume to its stop. */
export interface Session
  extends Pick<TrainOptions, 'model' | 'trainData' | 'validationData' | 'store' | 'signal'> {
  /** The processes that train together. */
  collective: Collective;
  /** What this rank alone was given; what counts is what all have agreed on. */
  given: Pick<TrainOptions, 'signal'>;
  /** Raises `signal` where there are several ranks. */
  aborter: AbortController;
  /** Whether there is a store, be it on another rank. */
  stored: boolean;
  callbacks: readonly TrainCallback[];
  /** What is handed to callbacks, to ask for what follows. */
  control: TrainControl;
  /** What callbacks have asked for and has not been done yet. */
  asked: { stop: string | null; save: boolean };
  clock: () => number;
  config: ResolvedTrainConfig;
  optimizer: Optimizer;
  /** What a new run begins with, if not with the model's own weights. */
  init: InitPlan | null;
  trainStep: {
    take(
      batch: Batch,
      learningRate: number,
      step: number,
      microBatchSize: number,
    ): tf.Tensor2D | Promise<tf.Tensor2D>;
    dispose(): void;
  };
  /** The averages of the weights, in a run that keeps them. */
  ema: WeightAverages | null;
  figures: FiguresQueue;
  /** The checkpoint that is being written, if there is one. */
  write: BackgroundWrite<CheckpointEvent>;
  /** Where the run stands; changes as it goes on. */
  state: TrainState;
  /** Steps of the whole run. */
  plannedSteps: number;
  /** Epochs of the whole run, the last of which may be incomplete. */
  plannedEpochs: number;
  /** Steps at which this session ends. */
  totalSteps: number;
  startedAt: number;
  secondsBefore: number;
  /** Images and seconds of this session's steps, for the speed. */
  trained: { images: number; seconds: number; work: number };
  /** Whether this is a point to go on from: a step is done and all callbacks were told of it, or so an epoch. */
  exact: boolean;
  /** Whether the state has moved on since it was saved or loaded. */
  unsaved: boolean;
  /** The step after which this session last told of an epoch. */
  toldStep: number | null;
  /** Where a rollback goes that has no store. */
  snapshot: Checkpoint | null;
  /** The name of the newest checkpoint of this session that is written. */
  checkpoint: string | null;
}

/** Checks everything that a run is given, and makes the optimizer's slots. */
export async function openSession(options: TrainOptions & { stored: boolean }): Promise<Session> {
  const { model, trainData, validationData, store, resumeFrom, stored, collective = alone } = options;
  const { clock = () => performance.now() } = options;
  const config = resumeFrom
    ? continuedConfig(resumeFrom.state.config, options.config)
    : resolveConfig((options.config ?? {}) as TrainConfig);
  // The last, so that what it asks for is known once all others were told.
  const asking = collective.rank === 0 ? [checkpointCallback(config, clock)] : [];
  const callbacks = [...(options.callbacks ?? []), ...asking];
  checkModel('train', model);
  checkCallbacks(callbacks);
  checkSource('train', 'trainData', trainData);
  if (validationData) checkSource('train', 'validationData', validationData);
  if (config.syncBatchNorm) checkSynchronizable(model, collective);
  checkMetrics(config, validationData !== undefined);
  if (resumeFrom) {
    checkSameData(resumeFrom.state, trainData);
    checkLength(resumeFrom.state, config);
  } else {
    await checkFresh(options);
  }
  const plan = options.init ? planInit(model, checkedInit(options)) : null;
  if (plan && plan.before.schedule > 0) checkContinuable(config);
  modelVariables(model);
  const parameters = trainableParameters(model, config.optimizer);
  const state = { ...freshState(config, trainData, plan), ...structuredClone(resumeFrom?.state) };
  state.config = config;
  state.rollbackStep = config.onDivergence === 'stop' ? null : (state.rollbackStep ?? state.step);
  state.versions = versions();
  const plannedSteps = config.steps ?? config.epochs! * trainData.stepsPerEpoch;
  const totalSteps = Math.min(plannedSteps, config.maxSteps ?? plannedSteps);
  if (state.step < totalSteps) reopenEpoch(state);
  const courses = optimizerCourses(config, state, plannedSteps);
  const optimizer = countFrom(state.before?.optimizer ?? 0, courses, (shifted) =>
    createOptimizer(config.optimizer, parameters, shifted),
  );
  const asked: Session['asked'] = { stop: null, save: false };
  const aborter = new AbortController();
  const { labelSmoothing, syncBatchNorm } = config;
  return {
    model,
    trainData,
    validationData,
    store,
    stored,
    collective,
    given: { ...(options.signal && { signal: options.signal }) },
    aborter,
    // Of several ranks none may stop before the others do.
    signal: collective.size > 1 ? aborter.signal : options.signal,
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
    init: plan,
    trainStep:
      collective.size > 1
        ? sharedStep(model, parameters, optimizer, collective, {
            labelSmoothing,
            clipping: config,
            syncBatchNorm,
          })
        : trainStep(model, parameters, optimizer, labelSmoothing, config),
    ema: config.ema && weightAverages(model, config.ema),
    figures: figuresQueue(),
    write: backgroundWrite(),
    state,
    plannedSteps,
    plannedEpochs: Math.ceil(plannedSteps / trainData.stepsPerEpoch),
    totalSteps,
    startedAt: clock(),
    secondsBefore: state.seconds,
    trained: { images: 0, seconds: 0, work: 0 },
    exact: false,
    unsaved: resumeFrom === undefined,
    toldStep: null,
    snapshot: resumeFrom ?? null,
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

/** Gives the model and the optimizer what a new run is to begin with. */
export function initializeSession({ model, optimizer, ema, init }: Session): void {
  if (!init) return;
  if (init.optimizer) checkSlots(optimizer, init.optimizer);
  writeVariables(pick(modelVariables(model), init.report.loaded), init.weights);
  ema?.restart();
  if (init.optimizer) writeVariables(optimizer.slots, init.optimizer);
}

function checkSlots({ slots }: Optimizer, given: NamedArrays): void {
  try {
    checkArrays('train: `init.optimizer`', slots, given);
  } catch (error) {
    throw new Error(
      `train: \`init.optimizer\` must hold the slots of this optimizer (${(error as Error).message}); ` +
        'set it to null to begin with new ones',
    );
  }
}

const pick = <T>(record: Record<string, T>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name, record[name]!]));

function checkedInit({ init, resumeFrom }: TrainOptions): TrainInit {
  if (!resumeFrom) return init!;
  throw new Error('train: `init` is for a new run, and `resumeFrom` is given; leave one out');
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
  const progress = progressBefore(step, state, plannedSteps);
  const rate = learningRateAt(config.schedule, progress);
  return rate * scaleAt(config.learningRateScale, progress) * state.learningRateFactor;
}

/** Takes the record of an epoch back that ended incomplete with the steps planned then, and goes on now. */
export function reopenEpoch(state: TrainState): void {
  state.history = state.history.filter(({ epoch }) => epoch <= state.epoch);
}

function freshState(
  config: ResolvedTrainConfig,
  { size, stepsPerEpoch }: TrainOptions['trainData'],
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

function versions(): TrainState['versions'] {
  return { engine: tf.getBackend(), 'tfjs-core': tf.version_core, 'tfjs-layers': tfl.version_layers };
}

/** Throws if the store holds a run already. */
export async function checkFresh({ store }: TrainOptions): Promise<void> {
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

function checkLength({ epoch, stepInEpoch, step }: TrainState, config: ResolvedTrainConfig): void {
  const begun = stepInEpoch > 0 ? epoch + 1 : epoch;
  if (config.epochs !== null && config.epochs < begun) {
    throw new Error(`resume: \`epochs\` must be at least ${begun}, those begun, received ${config.epochs}`);
  }
  for (const key of ['steps', 'maxSteps'] as const) {
    const most = config[key];
    if (most === null || most >= step) continue;
    throw new Error(`resume: \`${key}\` must be at least ${step}, those done, received ${most}`);
  }
}
