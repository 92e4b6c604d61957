import { ticks } from './ticks';

export interface Point {
  x: number;
  y: number;
}

export interface Series {
  name: 'train' | 'validation';
  points: readonly Point[];
}

export interface Chart {
  title: string;
  /** The last step of the run: where the axis ends. */
  steps: number;
  series: readonly Series[];
  format: (value: number) => string;
  /** Where the axis must begin and end at least. */
  range?: readonly [number, number];
}

const WIDTH = 1000;
const HEIGHT = 1000;
const round = (value: number) => Math.round(value * 10) / 10;

/** Draws curves over the steps of a run: SVG for the lines, text of the page for the words. */
export function drawChart(figure: HTMLElement, { title, steps, series, format, range }: Chart): void {
  const values = series.flatMap(({ points }) => points.map(({ y }) => y));
  const [low, high] = range ?? [0, 1];
  const marks = ticks(
    Math.min(low, ...values),
    range ? Math.max(high, ...values) : Math.max(...values, 1e-9),
  );
  const [bottom, top] = [marks[0]!, marks.at(-1)!];
  const up = (value: number) => (value - bottom) / (top - bottom);
  const place = ({ x, y }: Point) => `${round((WIDTH * x) / steps)} ${round(HEIGHT * (1 - up(y)))}`;

  const grid = marks.map((mark) => path('grid', `M0 ${round(HEIGHT * (1 - up(mark)))}H${WIDTH}`));
  const curves = series.map(({ name, points }) => {
    // A line of no length has no width either, but for round ends.
    const dots = name === 'validation' || points.length === 1;
    const line = points.map(place).join('L');
    const d = dots ? `M${points.map((point) => `${place(point)}h0`).join('M')}` : `M${line}`;
    return points.length === 0 ? '' : path(`${name}${dots ? ' dots' : ''}`, d) + joining(name, points, line);
  });
  const labels = [
    ...marks.map((mark) => `<span class="y" style="bottom:${100 * up(mark)}%">${format(mark)}</span>`),
    `<span class="x" style="left:0">0</span>`,
    `<span class="x" style="left:100%">${steps} steps</span>`,
  ];
  const legend = series.map(({ name }) => `<span class="legend ${name}">${name}</span>`);
  const last = series
    .filter(({ points }) => points.length > 0)
    .map(({ name, points }) => `${name} ${format(points.at(-1)!.y)} at step ${points.at(-1)!.x}`);
  // All of it is made of numbers and of names that are written above.
  figure.innerHTML =
    `<figcaption><b>${title}</b> ${legend.join(' ')}</figcaption><div class="plot" role="img" aria-label="` +
    `${title}: ${last.join(', ') || 'no figures yet'}"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" ` +
    `aria-hidden="true">${grid.join('')}${curves.join('')}</svg>${labels.join('')}</div>`;
}

const path = (kind: string, d: string) => `<path class="${kind}" d="${d}"/>`;

/** The line between the dots of a validation. */
const joining = (name: string, points: readonly Point[], line: string) =>
  name === 'validation' && points.length > 1 ? path(name, `M${line}`) : '';
