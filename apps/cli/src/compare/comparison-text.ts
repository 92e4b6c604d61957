import { fitTable } from '../terminal/fit-table';
import { formatDuration, formatPercent } from '../terminal/format';
import type { ComparedRun } from './compared-run';
import type { Comparison, Group } from './comparison';
import type { Significance } from './seed-groups';

const share = (value: number | undefined) => (value === undefined ? '–' : formatPercent(value, 2));
const written = (value: unknown) => (value === undefined ? '–' : JSON.stringify(value));

/** Runs by letter, so that tables stay narrow. */
export const letter = (index: number) =>
  String.fromCharCode(65 + (index % 26)) + (index < 26 ? '' : Math.floor(index / 26));

/** The runs with what they came to, one line each. */
export function runTable(runs: readonly ComparedRun[], columns: number): string {
  const rows = runs.map(({ name, validation, result, seconds, record }, i) => {
    const figures = [share(validation), share(result?.test?.accuracy), formatDuration(seconds)];
    return [letter(i), name, ...figures, String(record.config.seed)];
  });
  const head = ['', 'run', 'best val', 'test', 'time', 'seed'];
  return fitTable({ head, colAligns: ['left', 'left', 'right', 'right', 'right', 'right'], rows }, columns);
}

/** The keys in which they differ, one column for each run. */
export function differenceTable({ differences }: Comparison, columns: number): string {
  const runs = differences[0]?.values.length ?? 0;
  const head = ['key', ...Array.from({ length: runs }, (_, i) => letter(i))];
  return fitTable(
    { head, rows: differences.map(({ key, values }) => [key, ...values.map(written)]) },
    columns,
  );
}

/** Mean and spread over the seeds of each configuration, and how surely they differ. */
export function groupLines({ groups, metric, againstBest }: Comparison): string[] {
  return groups.map((group, i) => {
    const line = `${metric} ${meanAndSpread(group)}  ${group.runs.join(' ')}`;
    return i === 0 ? line : `${line}\n  ${against(againstBest[i - 1])}`;
  });
}

export function meanAndSpread({ accuracy }: Group): string {
  const { mean, standardDeviation, count } = accuracy;
  const spread = count > 1 ? ` ± ${(100 * standardDeviation).toFixed(2)}` : '';
  return `${(100 * mean).toFixed(2)}${spread} % (n = ${count})`;
}

export function against(significance: Significance | undefined): string {
  if (!significance) return 'too few seeds to tell from the best: two of each at least';
  const { difference, margin, p } = significance;
  const points = `${(100 * difference).toFixed(2)} ± ${(100 * margin).toFixed(2)} points from the best`;
  const chance = p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
  return `${points} (95 %, Welch's t, ${chance}): ${p < 0.05 ? 'they differ' : 'it may be chance'}`;
}
