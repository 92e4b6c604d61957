import { lineChart, type Series } from '../page/line-chart';
import { html, type Markup } from '../page/markup';
import { formatLoss, formatPercent, formatRate } from '../terminal/format';
import { abscissa, epochRows, logRows } from './rows';
import type { RunReport } from './run-report';

/** Loss, accuracy and learning rate over the run. */
export function curves({ rows }: RunReport): Markup {
  if (rows.length === 0) return html`<h2>Curves</h2><p>The first figures are still to come.</p>`;
  const x = abscissa(rows);
  return html`<h2>Curves</h2>
${lineChart({ title: 'Loss', x: x.unit, series: series('loss'), format: formatLoss, log: true })}
${lineChart({ title: 'Accuracy', x: x.unit, series: series('accuracy'), format: (value) => formatPercent(value, 2), tick: (value) => formatPercent(value, 0) })}
${lineChart({
  title: 'Learning rate',
  x: x.unit,
  series: [{ name: 'learning rate', colour: 4, points: points(logRows(rows), (row) => row.learningRate) }],
  format: formatRate,
  height: 'low',
})}`;

  function series(metric: 'loss' | 'accuracy'): Series[] {
    const epochs = epochRows(rows);
    return [
      {
        name: 'train, in between',
        colour: 1,
        faint: true,
        points: points(logRows(rows), (row) => row[metric]),
      },
      { name: 'train', colour: 1, points: points(epochs, (row) => row[metric]) },
      { name: 'validation', colour: 2, points: points(epochs, (row) => row.validation?.[metric]) },
      {
        name: 'validation of the average',
        colour: 3,
        points: points(epochs, (row) => row.ema?.[metric]),
      },
    ];
  }

  function points<Row extends { step: number }>(list: readonly Row[], of: (row: Row) => number | undefined) {
    return list.map((row) => ({ x: x.of(row), y: of(row) ?? Number.NaN }));
  }
}
