import { type Axis, linearAxis, logAxis, tightAxis } from './axis';
import { html, json, type Markup } from './markup';
import { plotArea, round } from './plot-area';

export interface Dot {
  /** A number, or the name of one of a few choices. */
  x: number | string;
  y: number;
  /** What it is, for the reader's pointer. */
  name: string;
}

export interface ScatterChart {
  title: string;
  x: string;
  dots: readonly Dot[];
  format: (value: number) => string;
  tick: (value: number) => string;
}

/** A figure with one dot for each run; numbers that span more than a decade lie on a logarithmic axis. */
export function scatterChart({ title, x: unit, dots, format, tick }: ScatterChart): Markup {
  const x = horizontal(dots.map(({ x }) => x));
  const y = linearAxis(
    dots.map(({ y }) => y),
    { format: tick },
  );
  const marks = dots.map(
    (dot) => html`<path class="curve dot c1" d="M${round(x.of(dot.x))} ${round(1 - y.place(dot.y))}h0"/>`,
  );
  const rows = dots
    .map((dot) => ({ at: x.of(dot.x), text: `${unit} ${dot.x}`, values: [`${dot.name} ${format(dot.y)}`] }))
    .sort((a, b) => a.at - b.at);
  return html`<figure class="chart"><figcaption><b>${title}</b></figcaption>
${plotArea({ label: `${title} by ${unit}`, unit, x: x.axis, y, marks })}
<script type="application/json">${json(rows)}</script>
</figure>`;
}

function horizontal(values: readonly (number | string)[]): {
  axis: Axis;
  of(value: number | string): number;
} {
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === values.length) {
    const least = Math.min(...numbers);
    const wide = least > 0 && Math.max(...numbers) / least >= 10;
    const axis = (wide ? logAxis(numbers) : undefined) ?? tightAxis(numbers);
    return { axis, of: (value) => axis.place(value as number) };
  }
  const names = [...new Set(values.map(String))];
  const at = (name: string) => (names.indexOf(name) + 0.5) / names.length;
  const axis: Axis = { place: (value) => value, ticks: names.map((label) => ({ at: at(label), label })) };
  return { axis, of: (value) => at(String(value)) };
}
