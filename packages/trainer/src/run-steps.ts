import * as tf from '@tensorflow/tfjs-core';
import { emit, type StepEvent } from './callbacks';
import { agree } from './collective/agree';
import { checkEqual, checksumOf, sameWeights } from './collective/compare';
import { divergence } from './divergence';
import { PAUSE_EVERY, pause } from './pause';
import { saveCheckpoint, tellSaved } from './save-checkpoint';
import { endsEarly, rateOfStep, type Session } from './session';
import { takeStep } from './take-step';
import { addStep, meanNorm, means, noTotals } from './totals';
import { modelVariables, readVariables } from './weights';

/**
 * Takes the steps of the epoch under way, up to its end, the run's last step, an abort, or a stop
 * that a callback asked for. Afterwards all figures
 * have been read and are finite.
 */
export async function runSteps(session: Session): Promise<void> {
  const { trainData, config, state, callbacks, control, asked, clock, trained, collective } = session;
  const { stepsPerEpoch } = state;
  const done = () => state.stepInEpoch === stepsPerEpoch || state.step === session.totalSteps;
  // So it is when the run was stopped after the steps of an epoch and before its validation.
  if (done()) return;

  let mark = clock();
  let lastPause = mark;
  for await (const batch of trainData.batches(state.epoch, state.stepInEpoch)) {
    session.exact = false;
    const learningRate = rateOfStep(session, state.step + 1);
    const row = await takeStep(session, batch, learningRate);
    state.step++;
    session.ema?.update(state.step);
    state.stepInEpoch++;
    session.unsaved = true;
    session.figures.push(row, state.step, batch.labels.length);

    const logs = state.step % config.logEverySteps === 0;
    const pauses = clock() - lastPause > PAUSE_EVERY;
    // Of several ranks none may find a loss that is not finite before the others do.
    const reads = logs || pauses || done() || state.epochTotals.examples === 0 || collective.size > 1;
    if (reads) await readFigures(session);
    if (comparesWeights(session)) await compareWeights(session);
    if (pauses) {
      await pause();
      lastPause = clock();
    }
    trained.images += batch.labels.length;
    trained.work += trainData.workBefore
      ? trainData.workBefore(state.step) - trainData.workBefore(state.step - 1)
      : 0;
    trained.seconds += (clock() - mark) / 1000;
    mark = clock();

    const event = stepEvent(session, learningRate);
    await emit(callbacks, 'onStep', event, control);
    if (logs) {
      const { numBytes: tensorBytes } = tf.memory();
      const figures = { ...means(state.logTotals), ...meanNorm(state.logTotals), tensorBytes };
      await emit(callbacks, 'onLog', { ...event, ...figures }, control);
      state.logTotals = noTotals;
    }
    await agree(session);
    session.exact = true;
    await tellSaved(session);
    if (done() || endsEarly(session)) break;
    if (asked.save) {
      await readFigures(session);
      await saveCheckpoint(session);
      mark = clock();
    }
  }
  await readFigures(session);
  if (!done() && !endsEarly(session)) {
    throw new Error(
      `train: \`trainData\` must give ${stepsPerEpoch} batches per epoch, received ${state.stepInEpoch}`,
    );
  }
}

function comparesWeights({ collective, config, state }: Session): boolean {
  const every = config.checksumEverySteps;
  return collective.size > 1 && every !== null && state.step % every === 0;
}

async function compareWeights({ collective, model, state }: Session): Promise<void> {
  const weights = await readVariables(modelVariables(model));
  await checkEqual(collective, checksumOf(weights), sameWeights(state.step));
}

/** Adds what was not yet read of the steps done to the sums; throws if a loss is not finite. */
export async function readFigures(session: Session): Promise<void> {
  const { figures, state } = session;
  for (const step of await figures.read()) {
    if (!Number.isFinite(step.loss)) {
      session.exact = false;
      throw divergence('the loss', step.loss, step.step, rateOfStep(session, step.step));
    }
    state.epochTotals = addStep(state.epochTotals, step);
    state.logTotals = addStep(state.logTotals, step);
  }
}

/** Seconds for the steps that are left; where steps differ in their work, in proportion to it. */
function secondsLeft({ trainData, state, totalSteps, trained }: Session): number {
  const { workBefore } = trainData;
  if (workBefore) {
    return (workBefore(totalSteps) - workBefore(state.step)) * (trained.seconds / trained.work);
  }
  const imagesPerStep = state.examplesPerEpoch / state.stepsPerEpoch;
  return (totalSteps - state.step) * imagesPerStep * (trained.seconds / trained.images);
}

function stepEvent(session: Session, learningRate: number): StepEvent {
  const { plannedEpochs, state, totalSteps, trained } = session;
  const imagesPerSecond = trained.images / trained.seconds;
  return {
    step: state.step,
    totalSteps,
    epoch: state.epoch + 1,
    epochs: plannedEpochs,
    ...means(state.epochTotals),
    learningRate,
    imagesPerSecond,
    secondsLeft: secondsLeft(session),
  };
}
