import { choice } from '../config/checks';
import { type EpochMetric, epochMetrics } from './epoch-metric';
import type { Kind } from './kind';

export type PlateauMetric = EpochMetric;

/**
 * `value`, multiplied by `factor` whenever a figure has not bettered itself for more than `patience` epochs. Epochs
 * without the figure, for want of a validation, do not count.
 */
export interface Plateau {
  name: 'plateau';
  /** Default for a learning rate 0.1. */
  value?: number;
  /** Default 0.1, as in PyTorch and Keras. */
  factor?: number;
  /** Default 10, as in PyTorch and Keras. */
  patience?: number;
  /** Default `'validationLoss'`: it moves before the accuracy does. */
  metric?: EpochMetric;
  /** By what share of the best figure a better one must differ. Default 1e-4, as in PyTorch. */
  threshold?: number;
  /** Epochs after a reduction that do not count. Default 0. */
  cooldown?: number;
  /** Where reductions end. Default 0. */
  minValue?: number;
}

/**
 * Computed from the figures of the epochs done, which a checkpoint keeps: so it has no state of its own to lose.
 *
 * @see torch.optim.lr_scheduler.ReduceLROnPlateau
 */
export const plateau: Kind<Plateau> = {
  values: ['value', 'minValue'],
  keys: ['factor', 'patience', 'metric', 'threshold', 'cooldown'],
  resolve: (read) => {
    const metric = (read.raw('metric') ?? 'validationLoss') as EpochMetric;
    choice(read.subject, metric, epochMetrics, 'metric');
    const count = { integer: true, min: 0 };
    const value = read.start('value', 0.1);
    return {
      name: 'plateau',
      value,
      factor: read.number('factor', { above: 0, below: 1 }, 0.1),
      patience: read.number('patience', count, 10),
      metric,
      threshold: read.number('threshold', { min: 0, below: 1 }, 1e-4),
      cooldown: read.number('cooldown', count, 0),
      minValue: read.value('minValue', 0, { max: value }),
    };
  },
  at: ({ value, factor, patience, metric, threshold, cooldown, minValue }, { step, history = [] }) => {
    const { rises, of } = epochMetrics[metric];
    const figures = history
      .filter((epoch) => epoch.step <= step)
      .map(of)
      .filter((figure) => figure !== undefined);
    let current = value;
    let best: number | undefined;
    let bad = 0;
    let rest = 0;
    for (const figure of figures) {
      const better =
        best === undefined || (rises ? figure > best * (1 + threshold) : figure < best * (1 - threshold));
      if (better) best = figure;
      bad = better || rest > 0 ? 0 : bad + 1;
      if (rest > 0) rest--;
      if (bad > patience) {
        current = Math.max(current * factor, minValue);
        bad = 0;
        rest = cooldown;
      }
    }
    return current;
  },
};
