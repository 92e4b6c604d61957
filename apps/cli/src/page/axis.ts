import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale';

/** One axis of a chart: where a value lies, and the values that are written beside it. */
export interface Axis {
  /** From 0 at its beginning to 1 at its end. */
  place(value: number): number;
  ticks: { at: number; label: string }[];
}

export interface LinearOptions {
  /** About how many numbers to write. Default 5. */
  count?: number;
  /** Begins at 0, for what is a quantity. */
  fromZero?: boolean | undefined;
  format?: ((value: number) => string) | undefined;
}

/** An axis with round numbers that covers the values; there may be few of them, or none. */
export function linearAxis(
  values: readonly number[],
  { count = 5, fromZero = false, format }: LinearOptions = {},
): Axis {
  const [low, high] = extent(fromZero ? [...values, 0] : values);
  const scale = scaleLinear()
    .domain(low === high ? widened(low) : [low, high])
    .nice(count);
  return axis(scale, scale.ticks(count), format ?? scale.tickFormat(count));
}

/** An axis that begins and ends where the values do. */
export function tightAxis(values: readonly number[], count = 6): Axis {
  const [low, high] = extent(values);
  const scale = scaleLinear().domain(low === high ? widened(low) : [low, high]);
  return axis(scale, scale.ticks(count), scale.tickFormat(count));
}

/** A logarithmic axis; `undefined` where a value is not above 0. */
export function logAxis(values: readonly number[]): Axis | undefined {
  const [low, high] = extent(values);
  if (!(low > 0)) return undefined;
  const scale = scaleLog().domain(low === high ? [low / 2, high * 2] : [low, high]);
  // Within one decade there would be no label, or a single one.
  const ticks =
    high / low < 12
      ? scaleLinear()
          .domain([low, high])
          .ticks(5)
          .filter((tick) => tick > 0)
      : decades(low, high);
  return axis(scale, ticks, short);
}

const axis = (
  scale: ScaleContinuousNumeric<number, number>,
  ticks: readonly number[],
  format: (value: number) => string,
): Axis => ({
  place: (value) => scale(value),
  ticks: ticks.map((tick) => ({ at: scale(tick), label: format(tick) })),
});

function extent(values: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low > high ? [0, 1] : [low, high];
}

const widened = (value: number): [number, number] =>
  value === 0 ? [0, 1] : [value - Math.abs(value) / 2, value + Math.abs(value) / 2];

/** 1, 2 and 5 times the powers of ten; the powers alone where there are many. */
function decades(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const steps = last - first > 3 ? [1] : [1, 2, 5];
  const all = Array.from({ length: last - first + 1 }, (_, i) =>
    steps.map((step) => step * 10 ** (first + i)),
  );
  return all.flat().filter((tick) => tick >= low && tick <= high);
}

const short = (value: number) => String(Number(value.toPrecision(2)));
