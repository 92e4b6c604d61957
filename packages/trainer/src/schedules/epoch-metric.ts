import type { EpochFigures } from './progress';

/** The figures of an epoch that a schedule may watch, or by which the best epoch is judged. */
const metrics = {
  validationLoss: { rises: false, of: (epoch: EpochFigures) => epoch.validation?.loss },
  validationAccuracy: { rises: true, of: (epoch: EpochFigures) => epoch.validation?.accuracy },
  emaLoss: { rises: false, of: (epoch: EpochFigures) => epoch.ema?.loss },
  emaAccuracy: { rises: true, of: (epoch: EpochFigures) => epoch.ema?.accuracy },
  loss: { rises: false, of: (epoch: EpochFigures) => epoch.loss },
  accuracy: { rises: true, of: (epoch: EpochFigures) => epoch.accuracy },
};

export type EpochMetric = keyof typeof metrics;

/** Every metric by its name: how to read it from an epoch, and whether more is better. */
export const epochMetrics: Readonly<
  Record<EpochMetric, { rises: boolean; of(epoch: EpochFigures): number | undefined }>
> = metrics;

/** Whether an epoch betters another by a metric; one without the figure never does, and is bettered by any with it. */
export function betters(epoch: EpochFigures, other: EpochFigures | undefined, metric: EpochMetric): boolean {
  const { rises, of } = epochMetrics[metric];
  const figure = of(epoch);
  const least = other && of(other);
  if (figure === undefined || least === undefined) return figure !== undefined;
  return rises ? figure > least : figure < least;
}
