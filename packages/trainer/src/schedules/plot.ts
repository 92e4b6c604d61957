import { number } from '../config/checks';
import { inValues, type ResolvedSchedule } from '../config/schedule-config';
import { type PlannedRun, type SchedulePoint, schedulePoints } from './points';
import { metricsOf, type ResolvedValueSchedule } from './value-schedule';

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
 * A schedule as lines of text for a terminal: a curve of braille dots between its lowest and its highest value.
 *
 * @example console.log(plotSchedule(resolveSchedule({ name: 'cosine' }), run, { width: 80 }));
 * @throws if the width or height is too small.
 */
export function plotSchedule(
  schedule: ResolvedSchedule | ResolvedValueSchedule,
  run: PlannedRun,
  { width = 60, height = 8 }: PlotOptions = {},
): string {
  number('plotSchedule', 'width', width, { integer: true, min: 20 });
  number('plotSchedule', 'height', height, { integer: true, min: 2 });
  const { low, high } = bounds(schedulePoints(schedule, run, run.plannedSteps));
  const labels = {
    [high > low ? 0 : height >> 1]: label(high),
    ...(high > low && { [height - 1]: label(low) }),
  };
  const margin = Math.max(...Object.values(labels).map((text) => text.length));
  const columns = width - margin - 2;

  const curve = schedulePoints(schedule, run, 2 * columns);
  const rows = 4 * height;
  const rowOf = (value: number) =>
    high > low ? Math.round(((high - value) / (high - low)) * (rows - 1)) : rows >> 1;
  const canvas = Array.from({ length: height }, () => new Uint8Array(columns));
  let former: number | undefined;
  for (let x = 0; x < 2 * columns; x++) {
    const row = rowOf(curve[Math.floor((x * curve.length) / (2 * columns))]!.value);
    // From the column before, so that a step down is a line and no gap.
    const [from, to] = former === undefined ? [row, row] : [Math.min(former, row), Math.max(former, row)];
    for (let y = from; y <= to; y++) canvas[y >> 2]![x >> 1]! |= dots[y % 4]![x % 2]!;
    former = row;
  }

  const lines = canvas.map((line, i) => {
    const text = (labels[i] ?? '').padStart(margin);
    return `${text} │${String.fromCodePoint(...Array.from(line, (bits) => 0x2800 + bits))}`;
  });
  return [...lines, axis(run, margin, width), ...notes(schedule)].join('\n');
}

function bounds(points: readonly SchedulePoint[]): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { value } of points) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high };
}

function axis({ plannedSteps, stepsPerEpoch }: PlannedRun, margin: number, width: number): string {
  const epochs = plannedSteps / stepsPerEpoch;
  const counts = [`${plannedSteps} steps`, ...(epochs >= 1 ? [`${label(epochs)} epochs`] : [])];
  const end = ` ${counts.join(', ')}`;
  return `${' '.repeat(margin)} └${end.padStart(width - margin - 2, '─').slice(0, width - margin - 2)}`;
}

function notes(schedule: ResolvedSchedule | ResolvedValueSchedule): string[] {
  const [metric] = metricsOf(inValues(schedule as ResolvedSchedule));
  return metric ? [`(falls where ${metric} stops getting better, which is not drawn)`] : [];
}

/** Three digits are what an axis needs. */
function label(value: number): string {
  return String(Number(value.toPrecision(3)));
}
