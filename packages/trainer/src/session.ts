import * as tf from '@tensorflow/tfjs-core';
import { type Batch, checkSource } from './batch';
import { checkCallbacks } from './callback-states';
import type { CheckpointEvent, TrainCallback, TrainControl } from './callbacks';
import { type BackgroundWrite, backgroundWrite } from './checkpoint/background-write';
import { checkpointCallback } from './checkpoint/checkpoint-callback';
import type { TrainState } from './checkpoint/state';
import type { Checkpoint } from './checkpoint/store';
import { checkSynchronizable } from './collective/check-synchronizable';
import { alone, type Collective } from './collective/collective';
import { sharedStep } from './collective/shared-step';
import { continuedConfig } from './config/continued-config';
import { scaleAt } from './config/learning-rate-scale';
import { type ResolvedTrainConfig, resolveConfig, type TrainConfig } from './config/train-config';
import { checkContinuable, checkMetrics, optimizerCourses, progressBefore } from './courses';
import { type WeightAverages, weightAverages } from './ema/weight-averages';
import { type FiguresQueue, figuresQueue } from './figures-queue';
import { freshState, reopenEpoch, versions } from './fresh-state';
import { type InitPlan, planInit } from './init/plan-init';
import { checkModel } from './model';
import { countFrom } from './optimizers/count-from';
import { createOptimizer, disposeOptimizer, type Optimizer } from './optimizers/optimizer';
import { trainableParameters } from './optimizers/parameters';
import { learningRateAt } from './schedule';
import { checkedInit, checkFresh, checkLength, checkSameData } from './session-checks';
import type { TrainOptions } from './train';
import { trainStep } from './train-step';
import { modelVariables } from './weights';

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
