import { number } from '../config/checks';
import { bounds, brailleCurve } from './braille';

export interface PlotOptions {
  /** Columns of text, labels included, at least 20. Default 60. */
  width?: number;
  /** Lines of the curve, at least 2. Default 8. */
  height?: number;
}

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
  values.forEach((value, i) => {
    number('plotCurve', `values.${i}`, value, {});
  });
  const { low, high } = bounds(values);
  const labels = {
    [high > low ? 0 : height >> 1]: label(high),
    ...(high > low && { [height - 1]: label(low) }),
  };
  const margin = Math.max(...Object.values(labels).map((text) => text.length));
  const columns = width - margin - 2;

  const lines = brailleCurve(values, { columns, rows: height }).map(
    (line, i) => `${(labels[i] ?? '').padStart(margin)} │${line}`,
  );
  const words = ` ${axis}`.padStart(columns, '─').slice(0, columns);
  return [...lines, `${' '.repeat(margin)} └${words}`].join('\n');
}

/** A number with three digits, which are what an axis needs. */
export function label(value: number): string {
  return String(Number(value.toPrecision(3)));
}
