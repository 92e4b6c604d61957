import * as tf from '@tensorflow/tfjs-core';
import type { BatchSource, EpochRecord, StepEvent, TrainCallback } from '@xcp/trainer';
import type { Extent } from '../terminal/bar-line';
import { type Course, type LiveRun, liveBlock } from '../terminal/live-block';
import type { Output } from '../terminal/output';
import { recentFigures } from './recent-figures';

/** More steps than the curve of a wide terminal has dots. */
const KEPT = 500;

/** Shows a run at the bottom of the terminal while it trains. */
export interface LiveProgress {
  callback: TrainCallback;
  /** The validation data, whose batches are shown as they are taken. */
  watched(source: BatchSource): BatchSource;
}

/** @param folder of the run, as the user types it */
export function liveProgress(output: Output, folder: string): LiveProgress {
  const training: Point[] = [];
  let validation: (Point & { epoch: number })[] = [];
  let validated = false;
  let stepsPerEpoch = 1;
  let recent = recentFigures(1);
  let progress: StepEvent | undefined;

  const show = (epoch: Extent) => {
    if (!progress) return;
    const courses = { training: course(training), validation: validated ? course(validation) : null };
    const run = { progress, epoch, ...courses, folder };
    output.status((columns, rows) => liveBlock({ ...run, ...memory() }, columns, rows, output.colors));
  };
  const keepEpoch = ({ epoch, validation: judged }: Pick<EpochRecord, 'epoch' | 'validation'>) => {
    if (judged) validation.push({ epoch, loss: judged.loss, accuracy: judged.accuracy });
  };

  return {
    callback: {
      onTrainBegin(event) {
        ({ validated, stepsPerEpoch } = event);
        recent = recentFigures(stepsPerEpoch);
        for (const record of event.history) keepEpoch(record);
      },
      onStep(event) {
        progress = event;
        const { step, epoch, epochs } = event;
        const figures = recent(event);
        if (figures) training.push(figures);
        if (training.length > KEPT) training.shift();
        const done = step - (epoch - 1) * stepsPerEpoch;
        show({ name: `epoch ${epoch}/${epochs}`, done, total: stepsPerEpoch });
      },
      onEpochEnd: keepEpoch,
      onRollback({ toEpoch }) {
        validation = validation.filter(({ epoch }) => epoch <= toEpoch);
      },
    },
    watched: (source) => ({
      size: source.size,
      stepsPerEpoch: source.stepsPerEpoch,
      async *batches(epoch, startStep) {
        let done = 0;
        for await (const batch of source.batches(epoch, startStep)) {
          yield batch;
          done += batch.labels.length;
          show({ name: 'validation', done, total: source.size });
        }
      },
    }),
  };
}

const memory = (): Pick<LiveRun, 'tensorBytes' | 'residentBytes'> => ({
  tensorBytes: tf.memory().numBytes,
  residentBytes: process.memoryUsage.rss(),
});

interface Point {
  loss: number;
  accuracy: number;
}

const course = (points: readonly Point[]): Course => ({
  losses: points.map(({ loss }) => loss),
  accuracies: points.map(({ accuracy }) => accuracy),
});
