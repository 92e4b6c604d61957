import Table from 'cli-table3';
import { formatDuration, formatPercent } from '../terminal/format';
import type { RankedRun } from './ranking';

/** The runs, the best first, with what sets them apart. */
export function rankingTable(runs: readonly RankedRun[]): string {
  const keys = [...new Set(runs.flatMap(({ settings }) => Object.keys(settings)))];
  const table = new Table({
    head: ['run', 'best val', 'time', ...keys],
    colAligns: ['left', 'right', 'right', ...keys.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const { id, state, validation, seconds, settings } of runs) {
    const accuracy = validation === undefined ? '–' : formatPercent(validation, 2);
    const name = state === 'finished' ? id : `${id} (${state === 'begun' ? 'not finished' : 'missing'})`;
    table.push([
      name,
      accuracy,
      formatDuration(seconds),
      ...keys.map((key) => JSON.stringify(settings[key]) ?? '–'),
    ]);
  }
  return table.toString();
}
