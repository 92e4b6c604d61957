export interface Point {
  x: number;
  y: number;
}

/** A straight line through points, by least squares. */
export interface Trend {
  slope: number;
  /** Of the slope. */
  standardError: number;
  /** The slope is within this of the true one with 95 % confidence, where the points scatter independently. */
  margin: number;
  /** The mean of y. */
  level: number;
}

/** @throws if there are fewer than three points. */
export function trendOf(points: readonly Point[]): Trend {
  const n = points.length;
  if (n < 3) throw new Error(`trend: needs at least 3 points, received ${n}`);
  const meanX = mean(points.map(({ x }) => x));
  const level = mean(points.map(({ y }) => y));
  const spread = sum(points.map(({ x }) => (x - meanX) ** 2));
  const slope = sum(points.map(({ x, y }) => (x - meanX) * (y - level))) / spread;
  const residual = sum(points.map(({ x, y }) => (y - level - slope * (x - meanX)) ** 2));
  const standardError = Math.sqrt(residual / (n - 2) / spread);
  return { slope, standardError, margin: standardError * quantile(n - 2), level };
}

export const mean = (values: readonly number[]) => sum(values) / values.length;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/**
 * The 97.5 % quantile of Student's t, to one percent from 3 degrees of freedom on.
 *
 * @see Abramowitz and Stegun, 26.7.5
 */
export function quantile(freedom: number): number {
  const z = 1.959964;
  const terms = [
    z,
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
  ];
  return terms.reduce((total, term, i) => total + term / freedom ** i, 0);
}
