import type { EpochEndEvent, TrainCallback } from '../callbacks';
import type { EpochRecord } from '../checkpoint/state';
import { appendLine, readLines, replaceLines } from './line-file';

const columns = {
  epoch: ({ epoch }) => epoch,
  step: ({ step }) => step,
  loss: ({ loss }) => loss,
  accuracy: ({ accuracy }) => accuracy,
  validationLoss: ({ validation }) => validation?.loss,
  validationAccuracy: ({ validation }) => validation?.accuracy,
  emaLoss: ({ ema }) => ema?.loss,
  emaAccuracy: ({ ema }) => ema?.accuracy,
  learningRate: ({ learningRate }) => learningRate,
  seconds: ({ seconds }) => seconds,
} satisfies Record<string, (epoch: EpochRecord) => number | undefined>;

const heading = Object.keys(columns).join(',');

/**
 * A callback that appends a line of comma-separated values to a file for every epoch, under a heading; what an epoch
 * does not have is left empty. Where a run is resumed or rolled back, the lines after its
 * checkpoint are dropped.
 *
 * @example await train({ model, trainData, config, callbacks: [csvFile('runs/first/epochs.csv')] });
 * @throws (the run, when it begins) if the file cannot be written, or a new run finds lines of another in it.
 */
export function csvFile(path: string): TrainCallback {
  return {
    onTrainBegin({ resumed, history }) {
      const [, ...lines] = readLines(path);
      if (!resumed && lines.length > 0) {
        throw new Error(
          `csvFile: \`path\` must be a new or empty file for a new run, received '${path}' with ` +
            `${lines.length} lines; resume the run that wrote them, delete the file or name another`,
        );
      }
      keepUpTo(path, history.at(-1)?.epoch ?? 0);
    },
    onRollback({ toEpoch }) {
      keepUpTo(path, toEpoch);
    },
    onEpochEnd(event) {
      if (event.complete) appendLine(path, rowOf(event));
    },
  };
}

/** Drops the lines of later epochs, and one that a crash has cut short. */
function keepUpTo(path: string, epoch: number): void {
  const [, ...lines] = readLines(path);
  const values = Object.keys(columns).length;
  const kept = lines.filter((line) => {
    const row = line.split(',');
    return row.length === values && Number(row[0]) <= epoch;
  });
  replaceLines(path, [heading, ...kept]);
}

function rowOf(event: EpochEndEvent): string {
  return Object.values(columns)
    .map((value) => value(event) ?? '')
    .join(',');
}
