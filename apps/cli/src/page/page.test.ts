import { describe, expect, it } from 'vitest';
import { linearAxis, logAxis, tightAxis } from './axis';
import { lineChart } from './line-chart';
import { html, json } from './markup';
import { page } from './page';
import { scatterChart } from './scatter-chart';

describe('html', () => {
  it('escapes what is put in, but not markup', () => {
    const inner = html`<b>${'<script>'}</b>`;
    expect(html`<p title="${`"'&`}">${inner}${[1, ' ', inner]}${null}${undefined}${false}</p>`.text).toBe(
      '<p title="&quot;&#39;&amp;"><b>&lt;script&gt;</b>1 <b>&lt;script&gt;</b></p>',
    );
  });

  it('keeps data of a script within the script', () => {
    const text = json({ name: '</script><script>alert(1)' }).text;
    expect(text).not.toContain('</script>');
    expect(JSON.parse(text)).toEqual({ name: '</script><script>alert(1)' });
  });
});

describe('axis', () => {
  it('covers its values with round numbers', () => {
    const axis = linearAxis([0.13, 2.7]);
    expect(axis.ticks.map(({ label }) => label)).toEqual(['0.0', '0.5', '1.0', '1.5', '2.0', '2.5', '3.0']);
    expect([axis.place(0), axis.place(1.5), axis.place(3)]).toEqual([0, 0.5, 1]);
    expect(linearAxis([5, 9], { fromZero: true }).place(0)).toBe(0);
  });

  it('is there for one value, and for none', () => {
    expect(linearAxis([2]).place(2)).toBeGreaterThan(0);
    expect(tightAxis([]).ticks.length).toBeGreaterThan(1);
    expect(tightAxis([0]).place(0)).toBe(0);
  });

  it('is logarithmic above 0 alone', () => {
    const axis = logAxis([0.001, 1])!;
    expect(axis.place(0.03162277)).toBeCloseTo(0.5, 5);
    expect(axis.ticks.map(({ label }) => label)).toContain('0.01');
    expect(logAxis([0.3, 0.9])!.ticks.length).toBeGreaterThan(2);
    expect(logAxis([0, 1])).toBeUndefined();
  });
});

const chart = {
  title: 'Loss',
  x: 'epoch',
  format: (value: number) => value.toFixed(2),
  series: [
    {
      name: 'train',
      colour: 1,
      points: [
        { x: 1, y: 2 },
        { x: 2, y: 1 },
        { x: 3, y: Number.NaN },
      ],
    },
    { name: 'validation', colour: 2, points: [{ x: 2, y: 1.5 }] },
    { name: 'empty', colour: 3, points: [{ x: 2, y: Number.NaN }] },
  ],
};

describe('lineChart', () => {
  it('draws every series that has points, and writes the numbers', () => {
    const { text } = lineChart({ ...chart, log: true });
    expect(text).toContain('data-series="train" d="M0 0L1000 1000"');
    // A single point is a dot.
    expect(text).toContain('class="curve c2 dot" data-series="validation" d="M1000 500h0"');
    expect(text).not.toContain('empty');
    expect(text).toContain('<tr><th scope="row">2</th><td>1.00</td><td>1.50</td></tr>');
    expect(text).toContain('class="plot log"');
  });

  it('offers no logarithm of 0, and is not there without points', () => {
    const zero = { name: 'train', colour: 1, points: [{ x: 1, y: 0 }] };
    expect(lineChart({ ...chart, log: true, series: [zero] }).text).not.toContain('plot log');
    expect(lineChart({ ...chart, series: [] }).text).toBe('');
  });
});

describe('scatterChart', () => {
  const format = String;
  it('places numbers by their logarithm where they span a decade, and names side by side', () => {
    const dots = (xs: (number | string)[]) => xs.map((x, i) => ({ x, y: i, name: `run ${i}` }));
    const numbers = scatterChart({
      title: 'A',
      x: 'rate',
      dots: dots([0.01, 0.1, 1]),
      format,
      tick: format,
    }).text;
    expect(numbers).toContain('d="M500 500h0"');
    const names = scatterChart({
      title: 'A',
      x: 'optimizer',
      dots: dots(['sgd', 'adam']),
      format,
      tick: format,
    });
    expect(names.text).toContain('d="M250 1000h0"');
    expect(names.text).toContain('>adam</span>');
  });
});

describe('page', () => {
  it('asks the network for nothing', () => {
    const text = page('A & B', html`<h1>hello</h1>`);
    expect(text).toContain('<title>A &amp; B</title>');
    expect(text).not.toMatch(/(src|href)="(?!data:)/);
    expect(text).toContain("default-src 'none'");
  });
});
