import type { EpochRow, LogRow, MetricsRow } from '@xcp/trainer/node';

export const epochRows = (rows: readonly MetricsRow[]): EpochRow[] =>
  rows.filter((row): row is EpochRow => row.kind === 'epoch');

export const logRows = (rows: readonly MetricsRow[]): LogRow[] =>
  rows.filter((row): row is LogRow => row.kind === 'log');

/** The x axis of a run's curves: epochs, or steps where not even one epoch is complete. */
export interface Abscissa {
  unit: 'epoch' | 'step';
  of(row: { step: number }): number;
}

export function abscissa(rows: readonly MetricsRow[]): Abscissa {
  const first = epochRows(rows).find(({ complete }) => complete);
  if (!first) return { unit: 'step', of: ({ step }) => step };
  const stepsPerEpoch = first.step / first.epoch;
  return { unit: 'epoch', of: ({ step }) => Number((step / stepsPerEpoch).toFixed(3)) };
}
