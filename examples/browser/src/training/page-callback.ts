import type { TrainCallback } from '@xcp/trainer';
import type { CurvePoint, FromWorker } from '../messages';
import type { Settings } from '../settings';

/** Milliseconds between two messages about steps. */
const TELL_EVERY = 200;

/** What of a run its checkpoints keep for the page, beside the trainer's own figures. */
export interface PageState {
  settings: Settings;
  points: CurvePoint[];
}

export const STATE_NAME = 'page';

/** Tells the page of a run as it goes on, and ends the run well where it is asked to. */
export function pageCallback(
  page: PageState,
  tell: (message: FromWorker) => void,
  isToFinish: () => boolean,
): TrainCallback {
  let told = Number.NEGATIVE_INFINITY;
  return {
    state: {
      name: STATE_NAME,
      save: () => structuredClone(page),
      restore: (saved) => void Object.assign(page, structuredClone(saved as PageState)),
    },
    onTrainBegin({ step, totalSteps, history }) {
      const { settings, points } = page;
      tell({ kind: 'run', run: { settings, points, step, totalSteps, history: [...history] } });
    },
    onStep({ step, totalSteps, imagesPerSecond, secondsLeft }, control) {
      if (isToFinish()) control.stop('finished by the user');
      if (performance.now() - told < TELL_EVERY && step < totalSteps) return;
      told = performance.now();
      tell({ kind: 'progress', step, imagesPerSecond, secondsLeft });
    },
    onLog({ step, loss, accuracy }) {
      const point = { step, loss, accuracy };
      page.points.push(point);
      tell({ kind: 'point', point });
    },
    onEpochEnd({ epochs, complete, epoch, step, loss, accuracy, learningRate, seconds, validation }) {
      // An epoch cut short is told again when it is whole.
      if (!complete) return;
      const judged = validation && { loss: validation.loss, accuracy: validation.accuracy };
      const record = { epoch, step, loss, accuracy, learningRate, seconds, validation: judged, ema: null };
      tell({ kind: 'epoch', record, epochs });
    },
    onTrainEnd({ step }) {
      tell({ kind: 'ended', step });
    },
    onCheckpoint({ step }) {
      tell({ kind: 'saved', step });
    },
  };
}
