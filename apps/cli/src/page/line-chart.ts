import { type Axis, linearAxis, logAxis, tightAxis } from './axis';
import { html, json, type Markup } from './markup';
import { type PlotKind, plotArea, round } from './plot-area';

export interface Point {
  x: number;
  y: number;
}

export interface Series {
  name: string;
  /** Which of the page's colours, from 1. */
  colour: number;
  points: readonly Point[];
  /** Drawn thin and pale, in the background of the others. */
  faint?: boolean;
}

export interface LineChart {
  title: string;
  /** What the x axis counts, such as `epoch`. */
  x: string;
  /** Whether it does so by equal ratios. */
  xLog?: boolean;
  series: readonly Series[];
  /** How values are written. */
  format: (value: number) => string;
  /** How they are written beside the axis. Default plainly. */
  tick?: (value: number) => string;
  /** Offers a logarithmic axis, where all values are above 0. */
  log?: boolean;
  /** Begins the axis at 0, for what is a quantity. */
  fromZero?: boolean;
  height?: 'low';
}

/** A figure with curves, a legend, and its numbers as a table for those who cannot see it. Empty series are left out. */
export function lineChart(chart: LineChart): Markup {
  const series = chart.series
    .map(({ points, ...rest }) => ({ ...rest, points: points.filter(({ y }) => Number.isFinite(y)) }))
    .filter(({ points }) => points.length > 0);
  if (series.length === 0) return html``;
  const xs = series.flatMap(({ points }) => points.map(({ x }) => x));
  const ys = series.flatMap(({ points }) => points.map(({ y }) => y));
  const x = (chart.xLog ? logAxis(xs) : undefined) ?? tightAxis(xs);
  const logarithmic = chart.log ? logAxis(ys) : undefined;
  const named = series.filter(({ faint }) => !faint);
  return html`<figure class="chart${chart.height ? ` ${chart.height}` : ''}">
<figcaption><b>${chart.title}</b> ${legend(named)}${logarithmic && logSwitch(chart.title)}</figcaption>
${plot(chart, series, x, linearAxis(ys, { count: chart.height ? 3 : 5, fromZero: chart.fromZero, format: chart.tick }), 'linear')}
${logarithmic && plot(chart, series, x, logarithmic, 'log')}
<script type="application/json">${json(hoverData(chart, named, x))}</script>
${numbers(chart, named)}
</figure>`;
}

const legend = (series: readonly Series[]) =>
  html`<span class="legend">${series.map(
    ({ name, colour }) => html`<span><i class="c${colour}"></i>${name}</span>`,
  )}</span>`;

const logSwitch = (title: string) =>
  html`<label><input type="checkbox" class="to-log" aria-label="${title} on a logarithmic axis"> log</label>`;

function plot(chart: LineChart, series: readonly Series[], x: Axis, y: Axis, kind: PlotKind): Markup {
  const label = `${chart.title} by ${chart.x}${kind === 'log' ? ', logarithmic' : ''}`;
  return plotArea({ label, unit: chart.x, x, y, kind, marks: series.map((one) => curve(one, x, y)) });
}

function curve({ name, points, colour, faint }: Series, x: Axis, y: Axis): Markup {
  const places = points.map((point) => `${round(x.place(point.x))} ${round(1 - y.place(point.y))}`);
  // A line of no length has no width either, but for round ends.
  const d = places.length === 1 ? `M${places[0]}h0` : `M${places.join('L')}`;
  return html`<path class="curve c${colour}${faint ? ' faint' : ''}${places.length === 1 ? ' dot' : ''}" data-series="${name}" d="${d}"/>`;
}

/** What a reader's pointer finds: for each x the values there, already written out. */
function hoverData({ x: unit, format }: LineChart, series: readonly Series[], x: Axis) {
  return byX(series).map(([at, values]) => ({
    at: round(x.place(at)) / 1000,
    text: `${unit} ${at}`,
    values: values
      .map((value, i) => value !== undefined && `${series[i]!.name} ${format(value)}`)
      .filter(Boolean),
  }));
}

function numbers({ title, x, format }: LineChart, series: readonly Series[]): Markup {
  const cell = (value: number | undefined) => html`<td>${value === undefined ? '–' : format(value)}</td>`;
  return html`<details><summary>Numbers</summary><div class="scroll" tabindex="0" role="group" aria-label="${title} as numbers"><table>
<thead><tr><th scope="col">${x}</th>${series.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${byX(series).map(([at, values]) => html`<tr><th scope="row">${at}</th>${values.map(cell)}</tr>`)}</tbody>
</table></div></details>`;
}

function byX(series: readonly Series[]): [number, (number | undefined)[]][] {
  const rows = new Map<number, (number | undefined)[]>();
  series.forEach(({ points }, i) => {
    for (const { x, y } of points) {
      const row = rows.get(x) ?? series.map(() => undefined);
      row[i] = y;
      rows.set(x, row);
    }
  });
  return [...rows].sort(([a], [b]) => a - b);
}
