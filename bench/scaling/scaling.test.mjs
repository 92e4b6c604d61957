import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { scalingFigure } from './figure.mjs';
import { sweeps } from './sweeps.mjs';
import { scalingTable } from './table.mjs';

const ms = (median) => ({ median, min: median, max: median });
const rows = [8, 16].flatMap((batch) =>
  ['train', 'infer'].map((kind) => ({
    ...{
      sweep: 'batch',
      value: batch,
      size: 32,
      batch,
      threads: 2,
      kind,
      ms: ms(kind === 'train' ? 100 : 20),
    },
    imagesPerSecond: (1000 * batch) / (kind === 'train' ? 100 : 20),
    peakBytes: batch * 2 ** 20,
  })),
);

it('draws time and memory, a line and the points for each of training and inference', () => {
  const svg = scalingFigure(rows);
  const { document } = parseHTML(svg);
  expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
  expect(document.querySelectorAll('svg > svg')).toHaveLength(2);
  expect(document.querySelectorAll('circle')).toHaveLength(2 * rows.length);
  expect(document.querySelectorAll('[aria-label="line"] path')).toHaveLength(4);
  expect(svg).toContain('images per second');
  expect(svg).not.toContain('NaN');
});

it('tells both of each point in a table', () => {
  const table = scalingTable(rows, { command: 'pnpm bench --scaling', machineLine: 'a machine' });
  expect(table).toContain('| 32 | 16 | 2 | 100.0 | 160.0 | 16 | 20.0 | 800.0 | 16 |');
  expect(table).toContain('`pnpm bench --scaling`; a machine.');
});

it('sweeps one figure at a time', () => {
  for (const { name, points } of Object.values(sweeps)) {
    const others = ['size', 'batch', 'threads'].filter((key) => key !== name);
    for (const key of others) expect(new Set(points.map((point) => point[key])).size).toBe(1);
    expect(points.map((point) => point[name])).toEqual(points.map(({ value }) => value));
  }
});
