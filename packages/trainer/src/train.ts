import type * as tfl from '@tensorflow/tfjs-layers';
import type { NamedArrays } from '@xcp/safetensors';
import type { BatchSource } from './batch';
import { emit, type TrainCallback } from './callbacks';
import type { Best, EpochRecord } from './checkpoint/state';
import type { Checkpoint, CheckpointStore } from './checkpoint/store';
import type { TrainConfig } from './config/train-config';
import { type Evaluation, judged } from './evaluate';
import { runSteps } from './run-steps';
import { saveCheckpoint } from './save-checkpoint';
import {
  closeSession,
  endsEarly,
  isAborted,
  openSession,
  rateOfStep,
  restoreSession,
  type Session,
  secondsSoFar,
} from './session';
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
  /** Where checkpoints go; without one nothing is saved. */
  store?: CheckpointStore;
  callbacks?: readonly TrainCallback[];
  /** When aborted, the run ends after the step under way and a checkpoint. */
  signal?: AbortSignal;
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
  /** Epochs done. */
  epoch: number;
  /** The epochs done, those before a resume included. */
  history: EpochRecord[];
  /** Null without validation data. */
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
 * @throws if an option is wrong, a batch does not fit the model, the store already holds another run, or the loss is
 *   no longer finite: then the error names the step and the learning rate, and earlier checkpoints are untouched.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const session = await openSession(options);
  try {
    if (options.resumeFrom) restoreSession(session, options.resumeFrom);
    return await run(session, options.resumeFrom !== undefined);
  } finally {
    closeSession(session);
  }
}

async function run(session: Session, resumed: boolean): Promise<TrainResult> {
  const { validationData, config, state, callbacks, control, totalSteps, trained } = session;
  const { step, epoch, stepsPerEpoch, examplesPerEpoch } = state;
  const validated = validationData !== undefined;
  const history = [...state.history];
  const begin = {
    resumed,
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

  let validation: Validation | null = null;
  while (!endsEarly(session) && hasWork(session)) {
    await runSteps(session);
    if (isAborted(session)) break;
    const validated = await validate(session);
    if (isAborted(session)) break;
    validation = validated ?? validation;
    await endEpoch(session, validated);
  }
  if (session.unsaved) await saveCheckpoint(session);

  const result: TrainResult = {
    stopped: outcome(session),
    reason: session.asked.stop,
    step: state.step,
    epoch: state.epoch,
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

/** Whether there are steps to take, or an epoch whose steps are done waits for its validation. */
function hasWork({ state, totalSteps }: Session): boolean {
  return state.step < totalSteps || state.stepInEpoch === state.stepsPerEpoch;
}

async function endEpoch(session: Session, validated: Validation | null): Promise<void> {
  const { config, state, callbacks, control, totalSteps, asked } = session;
  const complete = state.stepInEpoch === state.stepsPerEpoch;
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
  const highest = state.best?.accuracy ?? Number.NEGATIVE_INFINITY;
  const best = complete && validation !== null && validation.accuracy > highest;

  // An epoch cut short is told but not recorded: a resumed run completes it.
  if (complete) {
    const { loss, accuracy } = validation ?? {};
    state.history.push({ ...record, validation: judged(validation), ema: judged(ema) });
    if (best) state.best = { epoch: record.epoch, step: record.step, loss: loss!, accuracy: accuracy! };
    state.epoch++;
    state.stepInEpoch = 0;
    state.epochTotals = noTotals;
    session.unsaved = true;
  }
  const { epochs } = config;
  const event = { ...record, epochs, totalSteps, complete, validation, ema, best };
  await emit(callbacks, 'onEpochEnd', event, control);
  const due = complete && (best || state.epoch % config.checkpointEveryEpochs === 0);
  if (due || asked.save) await saveCheckpoint(session);
}

function outcome(session: Session): TrainResult['stopped'] {
  if (session.state.epoch === session.config.epochs) return 'completed';
  if (isAborted(session)) return 'aborted';
  return session.asked.stop === null ? 'maxSteps' : 'early';
}
