import type * as tfl from '@tensorflow/tfjs-layers';
import type { NamedArrays } from '@xcp/safetensors';
import type { BatchSource } from './batch';
import { emit, type TrainCallback } from './callbacks';
import { exclusively } from './checkpoint/exclusively';
import type { Best, EpochRecord } from './checkpoint/state';
import type { Checkpoint, CheckpointStore } from './checkpoint/store';
import { agree } from './collective/agree';
import type { Collective } from './collective/collective';
import { endsAllRanks } from './collective/ends-all-ranks';
import { beginTogether, openTogether, optionsOfRank } from './collective/open-together';
import type { TrainConfig } from './config/train-config';
import { type Evaluation, judged } from './evaluate';
import type { TrainInit } from './init/train-init';
import { initializeSession, restoreSession } from './restore-session';
import { withRollback } from './rollback';
import { runSteps } from './run-steps';
import { saveBeforeError } from './save-before-error';
import { finishSaving, saveCheckpoint } from './save-checkpoint';
import { betters } from './schedules/epoch-metric';
import { closeSession, endsEarly, isAborted, rateOfStep, type Session, secondsSoFar } from './session';
import { checkFresh } from './session-checks';
import { means, noTotals } from './totals';
import { type Validation, validate } from './validate';
import { readVariables } from './weights';

export interface TrainOptions {
  /** One input, NHWC; one output of logits, `[batch, classes]`. Trained in place. */
  model: tfl.LayersModel;
  trainData: BatchSource;
  validationData?: BatchSource;
  /** With `resumeFrom` the saved configuration holds, and this states what differs. */
  config?: Partial<TrainConfig>;
  /** Where checkpoints go; without one nothing is saved. Of several ranks that of rank 0 counts. */
  store?: CheckpointStore;
  /** Of several ranks those of rank 0 are called. */
  callbacks?: readonly TrainCallback[];
  /**
   * The processes that train together, each called with the same model, data and configuration: every batch is shared
   * among them. Default this one alone.
   */
  collective?: Collective;
  /** When aborted, the run ends after the step under way and a checkpoint. */
  signal?: AbortSignal;
  /** What a new run begins with in place of the model's own weights. */
  init?: TrainInit;
  /** The checkpoint to go on from. */
  resumeFrom?: Checkpoint;
  /** Milliseconds from any origin, for the times and speeds reported. Default `performance.now`. */
  clock?: () => number;
}

export interface TrainResult {
  /** `'early'` where a callback asked for it. */
  stopped: 'completed' | 'maxSteps' | 'early' | 'aborted';
  /** Why a callback stopped the run; else null. */
  reason: string | null;
  /** Steps done. */
  step: number;
  /** Epochs done; the last of planned `steps` counts, though it may be incomplete. */
  epoch: number;
  /** The epochs done, those before a resume included. */
  history: EpochRecord[];
  /** Null where no epoch had the figure of `bestMetric`. */
  best: Best | null;
  /** The last validation of this session, if there was one. */
  validation: Evaluation | null;
  /** In a run with `ema`: the averages of all weights, for `loadWeights`, and their last validation. */
  ema: { weights: NamedArrays; validation: Evaluation | null } | null;
  /** The name of the newest checkpoint of this session, if there is one. */
  checkpoint: string | null;
  /** Wall time over all sessions of the run. */
  seconds: number;
  /** Images trained on in a second of this session's steps; null where it took none. */
  imagesPerSecond: number | null;
}

/**
 * Trains a model: for each epoch its steps, a validation, a checkpoint.
 *
 * Steps, order and figures are pure functions of the configuration, the data and the initial weights, so a run that
 * was interrupted and resumed ends with the same bits as one that was not.
 *
 * @example
 * const result = await train({ model, trainData, validationData, config: { epochs: 20 }, store: memoryStore() });
 * @throws if an option is wrong, a batch does not fit the model, the store already holds another run or another process
 *   writes to it, or the loss is no longer finite: then the error names the step and the learning rate, and earlier
 *   checkpoints are untouched (but see `onDivergence`). An error of the data or of a validation leaves a checkpoint of
 *   the last step done.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  return trainRank(await optionsOfRank(options));
}

async function trainRank(options: TrainOptions & { stored: boolean }): Promise<TrainResult> {
  const { store } = options;
  const session = await openTogether(options);
  try {
    if (!store) return await runSession(session, options);
    return await exclusively(store, () => runSession(session, options));
  } catch (error) {
    if (!endsAllRanks(error)) session.collective.abort(error);
    throw error;
  } finally {
    closeSession(session);
  }
}

async function runSession(session: Session, options: TrainOptions): Promise<TrainResult> {
  try {
    if (options.resumeFrom) restoreSession(session, options.resumeFrom);
    else {
      // Another process may have used the store before it was ours alone.
      await checkFresh(options);
      initializeSession(session);
    }
    await beginTogether(session);
    return await run(session, options.resumeFrom !== undefined);
  } catch (error) {
    await saveBeforeError(session);
    throw error;
  } finally {
    await session.write.ended();
  }
}

async function run(session: Session, resumed: boolean): Promise<TrainResult> {
  const { validationData, config, state, callbacks, control, totalSteps, trained } = session;
  const { step, epoch, stepsPerEpoch, examplesPerEpoch } = state;
  const validated = validationData !== undefined;
  const history = [...state.history];
  const begin = {
    resumed,
    init: session.init?.report ?? null,
    validated,
    config,
    step,
    epoch,
    history,
    totalSteps,
    stepsPerEpoch,
    examplesPerEpoch,
  };
  await emit(callbacks, 'onTrainBegin', begin, control);
  await agree(session);

  // There must be somewhere to go back to from the first step on.
  if (!resumed && state.rollbackStep !== null) await saveCheckpoint(session);

  let validation: Validation | null = null;
  while (goesOn(session)) {
    validation = (await withRollback(session, () => runEpoch(session))) ?? validation;
  }
  if (session.unsaved) await saveCheckpoint(session);
  await finishSaving(session);

  const result: TrainResult = {
    stopped: outcome(session),
    reason: session.asked.stop,
    step: state.step,
    epoch: state.history.at(-1)?.epoch ?? 0,
    history: [...state.history],
    best: state.best,
    validation: validation?.ofWeights ?? null,
    ema: session.ema && {
      weights: await readVariables(session.ema.variables),
      validation: validation?.ofAverages ?? null,
    },
    checkpoint: session.checkpoint,
    seconds: secondsSoFar(session),
    imagesPerSecond: trained.images > 0 ? trained.images / trained.seconds : null,
  };
  await emit(callbacks, 'onTrainEnd', result);
  return result;
}

/** The steps of an epoch, its validation, its checkpoint, as far as the run gets; gives the validation. */
async function runEpoch(session: Session): Promise<Validation | null> {
  await runSteps(session);
  if (isAborted(session)) return null;
  const validation = await validate(session);
  if (isAborted(session)) return null;
  await endEpoch(session, validation);
  if (session.unsaved && !goesOn(session)) await saveCheckpoint(session);
  return validation;
}

function goesOn(session: Session): boolean {
  return !endsEarly(session) && hasWork(session);
}

/** Whether there are steps to take, or an epoch whose steps are done waits for its validation. */
function hasWork(session: Session): boolean {
  const { state, totalSteps, toldStep } = session;
  if (state.step < totalSteps) return true;
  if (endsEpoch(session)) return !isRecorded(session);
  // Of an epoch that `maxSteps` cut short a checkpoint does not know whether it was validated: so it is once more.
  return state.stepInEpoch > 0 && toldStep !== state.step;
}

/** Whether the step just done was the last one of its epoch: of a run planned in steps, the last of all ends one. */
function endsEpoch({ state, plannedSteps }: Session): boolean {
  return state.stepInEpoch === state.stepsPerEpoch || state.step === plannedSteps;
}

/** Whether the epoch that ended with the step just done was validated and recorded. */
function isRecorded({ state }: Session): boolean {
  return state.history.at(-1)?.step === state.step;
}

async function endEpoch(session: Session, validated: Validation | null): Promise<void> {
  session.exact = false;
  const { config, state, callbacks, control, totalSteps, plannedEpochs, asked } = session;
  const complete = endsEpoch(session);
  const validation = validated?.ofWeights ?? null;
  const ema = validated?.ofAverages ?? null;
  const previous = state.history.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const record = {
    epoch: state.epoch + 1,
    step: state.step,
    ...means(state.epochTotals),
    learningRate: rateOfStep(session, state.step),
    seconds: secondsSoFar(session) - previous,
  };
  const figures: EpochRecord = { ...record, validation: judged(validation), ema: judged(ema) };
  const toBeat = state.best ? state.history[state.best.epoch - 1] : undefined;
  const best = complete && betters(figures, toBeat, config.bestMetric);

  // An epoch cut short is told but not recorded: a resumed run completes it.
  if (complete) {
    state.history.push(figures);
    const { loss = null, accuracy = null } = figures.validation ?? {};
    if (best) state.best = { epoch: record.epoch, step: record.step, loss, accuracy };
    session.unsaved = true;
  }
  // The last epoch of planned steps stays open where it is incomplete: a run that is extended completes it.
  if (state.stepInEpoch === state.stepsPerEpoch) {
    state.epoch++;
    state.stepInEpoch = 0;
    state.epochTotals = noTotals;
  }
  const event = { ...record, epochs: plannedEpochs, totalSteps, complete, validation, ema, best };
  await emit(callbacks, 'onEpochEnd', event, control);
  await agree(session);
  session.toldStep = state.step;
  session.exact = true;
  if (!asked.save) return;
  if (complete && state.rollbackStep !== null) state.rollbackStep = state.step;
  await saveCheckpoint(session);
}

function outcome(session: Session): TrainResult['stopped'] {
  if (session.state.step === session.plannedSteps && isRecorded(session)) return 'completed';
  if (isAborted(session)) return 'aborted';
  return session.asked.stop === null ? 'maxSteps' : 'early';
}
