import { formatDuration, formatLoss, formatPercent } from './format';

/** What an epoch came to. */
export interface EpochSummary {
  epoch: number;
  epochs: number;
  loss: number;
  accuracy: number;
  /** Null where the epoch was not validated. */
  validation: { loss: number; accuracy: number } | null;
  /** Of the averaged weights; left out where the run keeps none. */
  ema?: { accuracy: number } | null;
  seconds: number;
  /** Whether no earlier epoch was better. */
  best: boolean;
}

const row = (cells: readonly string[], widths: readonly number[]) =>
  cells
    .map((cell, index) => cell.padStart(widths[index]!))
    .join('')
    .trimEnd();

// 56 characters in all, 65 with averages: a line without them fits a terminal of 60 columns.
const widths = (averaged: boolean) => [7, 9, 9, 10, 9, ...(averaged ? [9] : []), 9, 3];

/** The heading over the lines that `epochRow` gives, of a run that keeps averages or of one that does not. */
export const epochHeading = (averaged: boolean) =>
  row(
    ['epoch', 'loss', 'acc', 'val loss', 'val acc', ...(averaged ? ['ema acc'] : []), 'time', ''],
    widths(averaged),
  );

/**
 * A line per epoch: training loss and accuracy, validation loss and accuracy, that of the averages, time; `*` marks the
 * best so far.
 */
export function epochRow(summary: EpochSummary): string {
  const { validation, ema } = summary;
  return row(
    [
      `${summary.epoch}/${summary.epochs}`,
      formatLoss(summary.loss),
      formatPercent(summary.accuracy),
      validation ? formatLoss(validation.loss) : '–',
      validation ? formatPercent(validation.accuracy) : '–',
      ...(ema === undefined ? [] : [ema ? formatPercent(ema.accuracy) : '–']),
      formatDuration(summary.seconds),
      summary.best ? '*' : '',
    ],
    widths(ema !== undefined),
  );
}
