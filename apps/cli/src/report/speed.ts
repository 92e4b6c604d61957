import { lineChart } from '../page/line-chart';
import { html, type Markup } from '../page/markup';
import { formatCount } from '../terminal/format';
import { abscissa, logRows } from './rows';
import type { RunReport } from './run-report';

/** Throughput and memory over the run. */
export function speed({ rows }: RunReport): Markup {
  const logs = logRows(rows);
  if (logs.length === 0) return html``;
  const x = abscissa(rows);
  const chart = (title: string, name: string, colour: number, of: (row: (typeof logs)[number]) => number) =>
    lineChart({
      title,
      x: x.unit,
      series: [{ name, colour, points: logs.map((row) => ({ x: x.of(row), y: of(row) })) }],
      format: (value) => formatCount(value),
      fromZero: true,
      height: 'low',
    });
  return html`<h2>Speed and memory</h2>
${chart('Images per second', 'of this session', 1, (row) => row.imagesPerSecond)}
${chart('Memory in tensors, MB', 'between two steps', 5, (row) => row.tensorBytes / 1e6)}`;
}
