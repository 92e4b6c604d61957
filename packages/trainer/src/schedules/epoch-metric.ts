import type { EpochFigures } from './progress';

/** A figure of an epoch that a schedule may watch, or by which the best epoch is judged. */
export type EpochMetric =
  | 'validationLoss'
  | 'validationAccuracy'
  | 'emaLoss'
  | 'emaAccuracy'
  | 'loss'
  | 'accuracy';

/** Every metric by its name: how to read it from an epoch, and whether more is better. */
export const epochMetrics: Readonly<
  Record<EpochMetric, { rises: boolean; of(epoch: EpochFigures): number | undefined }>
> = {
  validationLoss: { rises: false, of: (epoch) => epoch.validation?.loss },
  validationAccuracy: { rises: true, of: (epoch) => epoch.validation?.accuracy },
  emaLoss: { rises: false, of: (epoch) => epoch.ema?.loss },
  emaAccuracy: { rises: true, of: (epoch) => epoch.ema?.accuracy },
  loss: { rises: false, of: (epoch) => epoch.loss },
  accuracy: { rises: true, of: (epoch) => epoch.accuracy },
};

/** Whether an epoch betters another by a metric; one without the figure never does, and is bettered by any with it. */
export function betters(epoch: EpochFigures, other: EpochFigures | undefined, metric: EpochMetric): boolean {
  const { rises, of } = epochMetrics[metric];
  const figure = of(epoch);
  const least = other && of(other);
  if (figure === undefined || least === undefined) return figure !== undefined;
  return rises ? figure > least : figure < least;
}
