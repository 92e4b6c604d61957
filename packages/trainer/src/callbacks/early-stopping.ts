import type * as tfl from '@tensorflow/tfjs-layers';
import type { TrainCallback } from '../callbacks';
import { type CheckpointStore, checkpointName } from '../checkpoint/store';
import { choice, knownKeys, number } from '../config/checks';
import { checkMetric } from '../courses';
import { type EpochMetric, epochMetrics } from '../schedules/epoch-metric';
import type { EpochFigures } from '../schedules/progress';
import { loadWeights } from '../weights';

export interface EarlyStoppingOptions {
  /** Default `'validationLoss'`, as in Keras. */
  metric?: EpochMetric;
  /** Epochs without a better figure after which the run ends; those without the figure do not count. Default 10. */
  patience?: number;
  /** By how much a better figure must differ, in the metric's own unit. Default 0. */
  minDelta?: number;
  /**
   * Puts the weights of the best epoch into the model where it ended the run; the averages, where `metric` is one of
   * theirs. Default null: the last weights stay. The store must keep that epoch: set `bestMetric` to `metric`.
   */
  restoreBest?: { model: tfl.LayersModel; store: Pick<CheckpointStore, 'load'> } | null;
}

type Rule = Required<Omit<EarlyStoppingOptions, 'restoreBest'>>;

/**
 * A callback that ends the run when a figure has stopped getting better.
 *
 * It is computed from the history, which every checkpoint keeps: a run that it has ended ends again when it is resumed,
 * at once and for the same reason, unless it is given more patience.
 *
 * @example await train({ model, trainData, validationData, config, callbacks: [earlyStopping({ patience: 5 })] });
 * @throws if an option is wrong; (the run, when it begins) if it has no such figure; (the run, when it ends) if the
 *   store does not have the best epoch any more.
 * @see keras.callbacks.EarlyStopping
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): TrainCallback {
  const { restoreBest = null, ...rest } = knownKeys('earlyStopping', options, [
    'metric',
    'patience',
    'minDelta',
    'restoreBest',
  ]);
  const rule = resolveRule(rest);
  let history: EpochFigures[] = [];
  let ended: { reason: string; step: number } | null = null;
  return {
    onTrainBegin(event, control) {
      checkMetric('earlyStopping', rule.metric, event.config, event.validated);
      history = [...event.history];
      ended = exhausted(history, rule);
      if (ended) control.stop(ended.reason);
    },
    onEpochEnd({ complete, ...figures }, control) {
      if (!complete) return;
      // A run that went back to a checkpoint comes to some epochs twice.
      history = [...history.filter(({ step }) => step < figures.step), figures];
      ended = exhausted(history, rule);
      if (ended) control.stop(ended.reason);
    },
    async onTrainEnd({ reason }) {
      if (!restoreBest || !ended || reason !== ended.reason) return;
      const { weights, ema } = await restoreBest.store.load(checkpointName(ended.step));
      loadWeights(restoreBest.model, rule.metric.startsWith('ema') ? ema! : weights);
    },
  };
}

function resolveRule({ metric = 'validationLoss', patience = 10, minDelta = 0 }: Partial<Rule>): Rule {
  choice('earlyStopping', metric, epochMetrics, 'metric');
  number('earlyStopping', 'patience', patience, { integer: true, min: 1 });
  number('earlyStopping', 'minDelta', minDelta, { min: 0 });
  return { metric, patience, minDelta };
}

/** Why a run with this history is to end, and the step of its best epoch; null where it may go on. */
function exhausted(history: readonly EpochFigures[], { metric, patience, minDelta }: Rule) {
  const { rises, of } = epochMetrics[metric];
  let best: { figure: number; step: number; epoch: number } | undefined;
  let waited = 0;
  for (const [index, epoch] of history.entries()) {
    const figure = of(epoch);
    if (figure === undefined) continue;
    const gain = best === undefined ? Number.POSITIVE_INFINITY : (figure - best.figure) * (rises ? 1 : -1);
    waited++;
    if (gain > minDelta) {
      best = { figure, step: epoch.step, epoch: index + 1 };
      waited = 0;
    }
    if (waited === patience) {
      const than = minDelta > 0 ? ` by more than ${minDelta}` : '';
      const reason = `${metric} has not bettered ${best!.figure} of epoch ${best!.epoch}${than} in ${patience} epochs`;
      return { reason, step: best!.step };
    }
  }
  return null;
}
