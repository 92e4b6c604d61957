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

interface Column {
  head: string;
  width: number;
  cell(summary: EpochSummary): string;
}

const left = '–';

const columns = {
  epoch: { head: 'epoch', width: 7, cell: ({ epoch, epochs }) => `${epoch}/${epochs}` },
  loss: { head: 'loss', width: 9, cell: ({ loss }) => formatLoss(loss) },
  accuracy: { head: 'acc', width: 9, cell: ({ accuracy }) => formatPercent(accuracy) },
  validationLoss: {
    head: 'val loss',
    width: 10,
    cell: ({ validation }) => (validation ? formatLoss(validation.loss) : left),
  },
  validationAccuracy: {
    head: 'val acc',
    width: 9,
    cell: ({ validation }) => (validation ? formatPercent(validation.accuracy) : left),
  },
  ema: { head: 'ema acc', width: 9, cell: ({ ema }) => (ema ? formatPercent(ema.accuracy) : left) },
  time: { head: 'time', width: 9, cell: ({ seconds }) => formatDuration(seconds) },
  best: { head: '', width: 3, cell: ({ best }) => (best ? '*' : '') },
} satisfies Record<string, Column>;

/** What a narrow terminal does without, the first at first: what the block below the epochs tells too. */
const dropped: readonly (keyof typeof columns)[] = ['time', 'accuracy', 'loss', 'validationLoss', 'best'];

/** The columns that fit; all together they have 56 characters, 65 with averages. */
function shownColumns(averaged: boolean, most: number): Column[] {
  const names = new Set(Object.keys(columns) as (keyof typeof columns)[]);
  if (!averaged) names.delete('ema');
  const width = () => [...names].reduce((sum, name) => sum + columns[name].width, 0);
  for (const name of dropped) {
    if (width() <= most) break;
    names.delete(name);
  }
  return [...names].map((name) => columns[name]);
}

const row = (shown: readonly Column[], cells: readonly string[]) =>
  cells
    .map((cell, i) => cell.padStart(shown[i]!.width))
    .join('')
    .trimEnd();

/** The heading over the lines that `epochRow` gives, of a run that keeps averages or of one that does not. */
export function epochHeading(averaged: boolean, most = Number.POSITIVE_INFINITY): string {
  const shown = shownColumns(averaged, most);
  return row(
    shown,
    shown.map(({ head }) => head),
  );
}

/**
 * A line per epoch: training loss and accuracy, validation loss and accuracy, that of the averages, time; `*` marks the
 * best so far. What does not fit `most` characters is left out.
 */
export function epochRow(summary: EpochSummary, most = Number.POSITIVE_INFINITY): string {
  const shown = shownColumns(summary.ema !== undefined, most);
  return row(
    shown,
    shown.map(({ cell }) => cell(summary)),
  );
}
