import { formatDuration, formatLoss, formatPercent } from './format';

/** What an epoch came to. */
export interface EpochSummary {
  epoch: number;
  epochs: number;
  loss: number;
  accuracy: number;
  /** Null where the epoch was not validated. */
  validation: { loss: number; accuracy: number } | null;
  seconds: number;
  /** Whether no earlier epoch had a better validation accuracy. */
  best: boolean;
}

const row = (cells: readonly string[], widths: readonly number[]) =>
  cells
    .map((cell, index) => cell.padStart(widths[index]!))
    .join('')
    .trimEnd();

// 56 characters in all: a line fits a terminal of 60 columns.
const widths = [7, 9, 9, 10, 9, 9, 3];

/** The heading over the lines that `epochRow` gives. */
export const epochHeading = () => row(['epoch', 'loss', 'acc', 'val loss', 'val acc', 'time', ''], widths);

/** A line per epoch: training loss and accuracy, validation loss and accuracy, time; `*` marks the best so far. */
export function epochRow(summary: EpochSummary): string {
  const { validation } = summary;
  return row(
    [
      `${summary.epoch}/${summary.epochs}`,
      formatLoss(summary.loss),
      formatPercent(summary.accuracy),
      validation ? formatLoss(validation.loss) : '–',
      validation ? formatPercent(validation.accuracy) : '–',
      formatDuration(summary.seconds),
      summary.best ? '*' : '',
    ],
    widths,
  );
}
