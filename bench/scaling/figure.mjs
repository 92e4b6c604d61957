import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

const WIDTH = 380;
const HEIGHT = 240;
const CAPTION = 28;

const axes = {
  batch: { label: 'batch (32 px)', type: 'point' },
  size: { label: 'image size, px (batch 8)', type: 'log' },
  threads: { label: 'threads (71 px, batch 8)', type: 'point' },
};
const measures = {
  imagesPerSecond: { label: 'images per second', type: 'log', amountOf: (row) => row.imagesPerSecond },
  peakBytes: { label: 'peak memory, MiB', zero: true, amountOf: (row) => row.peakBytes / 2 ** 20 },
};

/** A stand-alone SVG: a row for each measure, a column for each sweep, a line for training and one for inference. */
export function scalingFigure(rows) {
  const names = Object.keys(axes).filter((name) => rows.some(({ sweep }) => sweep === name));
  const panels = Object.keys(measures).flatMap((measure, line) =>
    names.map((sweep, column) => {
      const svg = panel(
        rows.filter((row) => row.sweep === sweep),
        axes[sweep],
        measures[measure],
      );
      // It is for a page, and would stretch a panel to the whole figure.
      svg.querySelector('style').remove();
      svg.setAttribute('x', String(column * WIDTH));
      svg.setAttribute('y', String(CAPTION + line * HEIGHT));
      return svg.outerHTML;
    }),
  );
  const [width, height] = [names.length * WIDTH, CAPTION + 2 * HEIGHT];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    '<g font-size="13"><text x="10" y="19" fill="#4269d0">● training</text>',
    '<text x="90" y="19" fill="#ff725c">● inference</text></g>',
    ...panels,
    '</svg>\n',
  ].join('\n');
}

function panel(rows, axis, { amountOf, ...scale }) {
  const { document } = parseHTML('<html><body></body></html>');
  const values = [...new Set(rows.map(({ value }) => value))];
  const marks = { x: 'value', y: amountOf, stroke: 'kind' };
  return Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 55,
    x: { ...axis, ticks: values, tickFormat: String },
    y: { ...scale, grid: true, nice: true },
    color: { domain: ['train', 'infer'], range: ['#4269d0', '#ff725c'] },
    marks: [Plot.lineY(rows, marks), Plot.dot(rows, { ...marks, fill: 'kind', r: 2.5 })],
  });
}
