import { number } from '../config/checks';

export interface PlotOptions {
  /** Columns of text, labels included, at least 20. Default 60. */
  width?: number;
  /** Lines of the curve, at least 2. Default 8. */
  height?: number;
}

/** A character of braille is 2 dots wide and 4 high: the bit of each, by row and column. */
const dots = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/**
 * Values, evenly spaced, as lines of text for a terminal: a curve of braille dots between the lowest and the highest,
 * over an axis that ends in the given words.
 *
 * @example console.log(plotCurve([3, 1, 2], '3 epochs'));
 * @throws if there is no value, one is not finite, or the width or height is too small.
 */
export function plotCurve(
  values: readonly number[],
  axis: string,
  { width = 60, height = 8 }: PlotOptions = {},
): string {
  number('plotCurve', 'width', width, { integer: true, min: 20 });
  number('plotCurve', 'height', height, { integer: true, min: 2 });
  number('plotCurve', 'values.length', values.length, { min: 1 });
  const { low, high } = bounds(values);
  const labels = {
    [high > low ? 0 : height >> 1]: label(high),
    ...(high > low && { [height - 1]: label(low) }),
  };
  const margin = Math.max(...Object.values(labels).map((text) => text.length));
  const columns = width - margin - 2;

  const rows = 4 * height;
  const rowOf = (value: number) =>
    high > low ? Math.round(((high - value) / (high - low)) * (rows - 1)) : rows >> 1;
  const canvas = Array.from({ length: height }, () => new Uint8Array(columns));
  let former: number | undefined;
  for (let x = 0; x < 2 * columns; x++) {
    const row = rowOf(values[indexAt(x, 2 * columns, values.length)]!);
    // From the column before, so that a step down is a line and no gap.
    const [from, to] = former === undefined ? [row, row] : [Math.min(former, row), Math.max(former, row)];
    for (let y = from; y <= to; y++) canvas[y >> 2]![x >> 1]! |= dots[y % 4]![x % 2]!;
    former = row;
  }

  const lines = canvas.map((line, i) => {
    const text = (labels[i] ?? '').padStart(margin);
    return `${text} │${String.fromCodePoint(...Array.from(line, (bits) => 0x2800 + bits))}`;
  });
  const words = ` ${axis}`.padStart(columns, '─').slice(0, columns);
  return [...lines, `${' '.repeat(margin)} └${words}`].join('\n');
}

/** Which of `count` values stands at column `x`: the first at the first, the last at the last. */
function indexAt(x: number, columns: number, count: number): number {
  return Math.round((x * (count - 1)) / (columns - 1));
}

function bounds(values: readonly number[]): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  values.forEach((value, i) => {
    number('plotCurve', `values.${i}`, value, {});
    low = Math.min(low, value);
    high = Math.max(high, value);
  });
  return { low, high };
}

/** A number with three digits, which are what an axis needs. */
export function label(value: number): string {
  return String(Number(value.toPrecision(3)));
}
