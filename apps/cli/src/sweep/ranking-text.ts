import { fitTable } from '../terminal/fit-table';
import { formatDuration, formatPercent } from '../terminal/format';
import type { RankedRun } from './ranking';

/** The runs, the best first, with what sets them apart. */
export function rankingTable(runs: readonly RankedRun[], columns: number): string {
  const keys = [...new Set(runs.flatMap(({ settings }) => Object.keys(settings)))];
  const rows = runs.map(({ id, state, validation, seconds, settings }) => [
    state === 'finished' ? id : `${id} (${state === 'begun' ? 'not finished' : 'missing'})`,
    validation === undefined ? '–' : formatPercent(validation, 2),
    formatDuration(seconds),
    ...keys.map((key) => JSON.stringify(settings[key]) ?? '–'),
  ]);
  const colAligns = ['left' as const, ...[...keys, '', ''].map(() => 'right' as const)];
  return fitTable({ head: ['run', 'best val', 'time', ...keys], colAligns, rows }, columns);
}
