import { number } from '../config/checks';

/** A character of braille is 2 dots wide and 4 high: the bit of each, by row and column. */
const dots = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/**
 * Values, evenly spaced, as `rows` lines of `columns` braille characters: a curve from the lowest to the highest.
 *
 * @example const [line] = brailleCurve([3, 1, 2], { columns: 10, rows: 1 });
 * @throws if there is no value, one is not finite, or there is no column or row.
 */
export function brailleCurve(
  values: readonly number[],
  { columns, rows }: { columns: number; rows: number },
): string[] {
  number('brailleCurve', 'columns', columns, { integer: true, min: 1 });
  number('brailleCurve', 'rows', rows, { integer: true, min: 1 });
  number('brailleCurve', 'values.length', values.length, { min: 1 });
  values.forEach((value, i) => {
    number('brailleCurve', `values.${i}`, value, {});
  });
  const { low, high } = bounds(values);
  const height = 4 * rows;
  const rowOf = (value: number) =>
    high > low ? Math.round(((high - value) / (high - low)) * (height - 1)) : height >> 1;
  const canvas = Array.from({ length: rows }, () => new Uint8Array(columns));
  let former: number | undefined;
  for (let x = 0; x < 2 * columns; x++) {
    const row = rowOf(values[indexAt(x, 2 * columns, values.length)]!);
    // From the column before, so that a step down is a line and no gap.
    const [from, to] = former === undefined ? [row, row] : [Math.min(former, row), Math.max(former, row)];
    for (let y = from; y <= to; y++) canvas[y >> 2]![x >> 1]! |= dots[y % 4]![x % 2]!;
    former = row;
  }
  return canvas.map((line) => String.fromCodePoint(...Array.from(line, (bits) => 0x2800 + bits)));
}

/** Which of `count` values stands at column `x`: the first at the first, the last at the last. */
function indexAt(x: number, columns: number, count: number): number {
  return Math.round((x * (count - 1)) / (columns - 1));
}

/** The lowest and the highest of some values. */
export function bounds(values: readonly number[]): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high };
}
