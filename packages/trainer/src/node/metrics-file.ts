import type { EpochEndEvent, LogEvent, TrainBeginEvent, TrainCallback } from '../callbacks';
import { judged } from '../evaluate';
import { appendLine, readLines, replaceLines } from './line-file';

/** One line of the file. */
export type MetricsRow = LogRow | EpochRow;

/** A log event: figures since the last one. */
export interface LogRow extends Omit<LogEvent, 'totalSteps' | 'epochs' | 'secondsLeft'> {
  kind: 'log';
}

/** The end of an epoch. */
export interface EpochRow extends Omit<EpochEndEvent, 'totalSteps' | 'epochs' | 'validation' | 'ema'> {
  kind: 'epoch';
  validation: { loss: number; accuracy: number } | null;
  ema: { loss: number; accuracy: number } | null;
}

/**
 * A callback that appends a line of JSON to a file for every log event and every epoch.
 *
 * Where a run is resumed or rolled back, the lines after its checkpoint are dropped, so that in the end the file has the lines of a
 * run that never stopped.
 *
 * @example await train({ model, trainData, config, callbacks: [metricsFile('runs/first/metrics.jsonl')] });
 * @throws (the run, when it begins) if the file cannot be written, or a new run finds lines of another in it.
 */
export function metricsFile(path: string): TrainCallback {
  return {
    onTrainBegin(event) {
      const lines = readLines(path);
      if (!event.resumed && lines.length > 0) {
        throw new Error(
          `metricsFile: \`path\` must be a new or empty file for a new run, received '${path}' with ` +
            `${lines.length} lines; resume the run that wrote them, delete the file or name another`,
        );
      }
      keepRows(path, { step: event.step, epoch: event.history.at(-1)?.epoch ?? 0 });
    },
    onRollback({ toStep, toEpoch }) {
      keepRows(path, { step: toStep, epoch: toEpoch });
    },
    onLog({ totalSteps: _, epochs: __, secondsLeft: ___, ...figures }) {
      append(path, { kind: 'log', ...figures });
    },
    onEpochEnd({ totalSteps: _, epochs: __, validation, ema, ...figures }) {
      append(path, { kind: 'epoch', ...figures, validation: judged(validation), ema: judged(ema) });
    },
  };
}

/** The rows of a metrics file; lines that a crash has cut short are left out. */
export function readMetrics(path: string): MetricsRow[] {
  return readLines(path)
    .map(parseRow)
    .filter((row) => row !== null);
}

/** Drops the rows that a run will write again which goes on from there. */
function keepRows(path: string, from: Pick<TrainBeginEvent, 'step' | 'epoch'>): void {
  replaceLines(
    path,
    readLines(path).filter((line) => isBefore(parseRow(line), from)),
  );
}

/** Whether the checkpoint that a run goes on from comes after the row, so that the run will not write it again. */
function isBefore(row: MetricsRow | null, { step, epoch }: Pick<TrainBeginEvent, 'step' | 'epoch'>): boolean {
  if (row === null) return false;
  return row.kind === 'epoch' ? row.epoch <= epoch : row.step <= step;
}

function parseRow(line: string): MetricsRow | null {
  try {
    return JSON.parse(line) as MetricsRow;
  } catch {
    return null;
  }
}

function append(path: string, row: MetricsRow): void {
  appendLine(path, JSON.stringify(row));
}
