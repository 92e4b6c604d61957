import * as tf from '@tensorflow/tfjs-core';
import { emit, type StepEvent } from './callbacks';
import { divergence } from './divergence';
import { PAUSE_EVERY, pause } from './pause';
import { saveCheckpoint } from './save-checkpoint';
import { endsEarly, rateOfStep, type Session } from './session';
import { addStep, means, noTotals } from './totals';

/**
 * Takes the steps of the epoch under way, up to its end, the run's last step, an abort, or a stop
 * that a callback asked for. Afterwards all figures
 * have been read and are finite.
 */
export async function runSteps(session: Session): Promise<void> {
  const { trainData, trainStep, ema, figures, config, state, callbacks, control, asked, clock, trained } =
    session;
  const { stepsPerEpoch } = state;
  const done = () => state.stepInEpoch === stepsPerEpoch || state.step === session.totalSteps;
  // So it is when the run was stopped after the steps of an epoch and before its validation.
  if (done()) return;

  let mark = clock();
  let lastPause = mark;
  for await (const batch of trainData.batches(state.epoch, state.stepInEpoch)) {
    const learningRate = rateOfStep(session, state.step + 1);
    const row = trainStep.take(batch, learningRate, state.step + 1);
    state.step++;
    ema?.update(state.step);
    state.stepInEpoch++;
    session.unsaved = true;
    figures.push(row, state.step, batch.labels.length);

    const logs = state.step % config.logEverySteps === 0;
    const pauses = clock() - lastPause > PAUSE_EVERY;
    if (logs || pauses || done() || state.epochTotals.examples === 0) await readFigures(session);
    if (pauses) {
      await pause();
      lastPause = clock();
    }
    trained.images += batch.labels.length;
    trained.seconds += (clock() - mark) / 1000;
    mark = clock();

    const event = stepEvent(session, learningRate);
    await emit(callbacks, 'onStep', event, control);
    if (logs) {
      const { numBytes: tensorBytes } = tf.memory();
      await emit(callbacks, 'onLog', { ...event, ...means(state.logTotals), tensorBytes }, control);
      state.logTotals = noTotals;
    }
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

async function readFigures(session: Session): Promise<void> {
  const { figures, state } = session;
  for (const step of await figures.read()) {
    if (!Number.isFinite(step.loss)) {
      throw divergence('the loss', step.loss, step.step, rateOfStep(session, step.step));
    }
    state.epochTotals = addStep(state.epochTotals, step);
    state.logTotals = addStep(state.logTotals, step);
  }
}

function stepEvent({ config, state, totalSteps, trained }: Session, learningRate: number): StepEvent {
  const stepsLeft = totalSteps - state.step;
  const imagesPerSecond = trained.images / trained.seconds;
  const imagesPerStep = state.examplesPerEpoch / state.stepsPerEpoch;
  return {
    step: state.step,
    totalSteps,
    epoch: state.epoch + 1,
    epochs: config.epochs,
    ...means(state.epochTotals),
    learningRate,
    imagesPerSecond,
    secondsLeft: (stepsLeft * imagesPerStep) / imagesPerSecond,
  };
}
