import type { Clipping } from '../gradients/clip';
import { type EpochMetric, epochMetrics } from '../schedules/epoch-metric';
import { momentum, weightDecay } from '../schedules/quantity';
import { resolveValues } from '../schedules/resolve';
import type { ResolvedValueSchedule, ValueSchedule } from '../schedules/value-schedule';
import { boolean, choice, knownKeys, type NumberRule, number, received } from './checks';
import { type EmaConfig, type ResolvedEma, resolveEma } from './ema-config';
import { type LearningRateScale, resolveLearningRateScale } from './learning-rate-scale';
import {
  hasWeightDecay,
  type OptimizerConfig,
  type ResolvedOptimizer,
  resolveOptimizer,
} from './optimizer-config';
import { type ResolvedSchedule, resolveSchedule, type ScheduleConfig } from './schedule-config';

/** How a run that diverged is taken up again. */
export interface Rollback {
  /** How often at most, over the whole run. */
  rollback: number;
  /** Multiplies the learning rate each time, in (0, 1). Default 0.5. */
  factor?: number;
}

/** Everything that decides what a run of {@link train} computes, as plain data. */
export interface TrainConfig {
  /** Passes over the training data. Either this or `steps` is given: no number fits every data set. */
  epochs?: number | null;
  /**
   * Training steps, in place of `epochs`: schedules are drawn over them, and the last epoch, which may be incomplete, is
   * validated all the same. Default null.
   */
  steps?: number | null;
  /**
   * Stops after this many steps in all, within an epoch if need be, with a validation all the same. The schedule
   * stays that of the whole run, so that a run cut short can be continued. Default null, no limit.
   */
  maxSteps?: number | null;
  /** Default SGD with momentum 0.9: the Xception paper, ImageNet. */
  optimizer?: OptimizerConfig;
  /** Default 0.045 × 0.94 every 2 epochs: the Xception paper, ImageNet. */
  schedule?: ScheduleConfig;
  /**
   * What the learning rates of `schedule` are multiplied by, such as 8 for a batch eight times the one that they are
   * meant for. Default null: nothing.
   */
  learningRateScale?: LearningRateScale | null;
  /**
   * The momentum of SGD and RMSprop, or Adam's beta1, in place of the optimizer's own: schedules as those of the
   * learning rate, with `value` for `learningRate`. Default null: it stays as it is.
   */
  momentumSchedule?: ValueSchedule | null;
  /** What the weight decay of every weight is multiplied by, likewise. Default null: it stays as it is. */
  weightDecaySchedule?: ValueSchedule | null;
  /** The share of the target spread evenly over all classes, in [0, 1). Default 0: plain cross-entropy. */
  labelSmoothing?: number;
  /**
   * Whether batch norm takes the statistics of the whole batch where several ranks share one, as
   * `torch.nn.SyncBatchNorm` does, rather than each those of its own images. Default false, as PyTorch has it.
   */
  syncBatchNorm?: boolean;
  /**
   * Steps between two comparisons of the weights of all ranks, where there are several; null for those of checkpoints
   * alone. Default 250. Ranks that differ end the run.
   */
  checksumEverySteps?: number | null;
  /**
   * Images whose gradients are computed at a time; those of a batch are summed to one update, so that a batch takes the
   * memory of a micro-batch. The update is that of the whole batch, but that batch norm sees (and moves its statistics
   * by) each micro-batch alone. Default null: the whole batch.
   */
  microBatchSize?: number | null;
  /**
   * The most that the norm of all gradients together may be, as `torch.nn.utils.clip_grad_norm_` has it: longer ones are
   * scaled down. Default null, no bound: Xception trains without.
   */
  clipNorm?: number | null;
  /** The most that each value of a gradient may be, up or down, in place of `clipNorm`. Default null, no bound. */
  clipValue?: number | null;
  /**
   * What follows when a loss or a weight is no longer finite: the run stops with an error, or goes back to its last
   * checkpoint of the end of an epoch (kept in memory where there is no store) with the learning rate multiplied by
   * `factor` (default 0.5), `rollback` times at most in the run. Default 'stop': what diverges is mostly set up wrongly.
   */
  onDivergence?: 'stop' | Rollback;
  /**
   * An average of the weights that is kept beside them, validated as they are and saved in every checkpoint. Default
   * null: none.
   */
  ema?: EmaConfig | null;
  /** Steps between two log events. Default 250: a few lines per epoch of CIFAR-10 at batch 32 to 64. */
  logEverySteps?: number;
  /**
   * Epochs between two checkpoints, or null for none by epochs; the best epoch and the end of the run are saved in
   * any case. Default 1.
   */
  checkpointEveryEpochs?: number | null;
  /** Steps between two checkpoints, within an epoch too. Default null: none by steps, an epoch is short enough. */
  checkpointEverySteps?: number | null;
  /**
   * Minutes between two checkpoints, by the clock of the run; one by epochs or steps begins them anew. Default null:
   * none by time. No bit of the result depends on when they are written.
   */
  checkpointEveryMinutes?: number | null;
  /**
   * What the best epoch is judged by; one without that figure, for want of a validation, is never the best. Default
   * `'validationAccuracy'`, for it is what the finished model is asked for, or `'emaAccuracy'` where averages are kept.
   */
  bestMetric?: EpochMetric;
  /** Epochs between two validations; the last epoch is validated in any case. Default 1. */
  validateEveryEpochs?: number;
  /**
   * The seed that the data and the initial weights were made with. The loop itself draws no random numbers: it
   * keeps the seed in every checkpoint and refuses to resume with another. Default 0.
   */
  seed?: number;
}

/** A {@link TrainConfig} with every default filled in. */
export interface ResolvedTrainConfig extends Required<TrainConfig> {
  optimizer: ResolvedOptimizer;
  schedule: ResolvedSchedule;
  learningRateScale: Required<LearningRateScale> | null;
  momentumSchedule: ResolvedValueSchedule | null;
  weightDecaySchedule: ResolvedValueSchedule | null;
  onDivergence: 'stop' | Required<Rollback>;
  ema: ResolvedEma | null;
}

const keys: (keyof TrainConfig)[] = [
  'epochs',
  'steps',
  'maxSteps',
  'optimizer',
  'schedule',
  'learningRateScale',
  'momentumSchedule',
  'weightDecaySchedule',
  'labelSmoothing',
  'syncBatchNorm',
  'checksumEverySteps',
  'microBatchSize',
  'clipNorm',
  'clipValue',
  'onDivergence',
  'ema',
  'logEverySteps',
  'checkpointEveryEpochs',
  'checkpointEverySteps',
  'checkpointEveryMinutes',
  'bestMetric',
  'validateEveryEpochs',
  'seed',
];

const atLeastOne = { integer: true, min: 1 };

/**
 * Checks a training configuration and fills in the defaults.
 *
 * @example resolveConfig({ epochs: 5 }).optimizer // { name: 'sgd', momentum: 0.9, … }
 * @throws if a key is unknown (the nearest known one is named) or a value is out of range.
 * @see Chollet, "Xception", section 4.3, for the defaults of the optimizer and the schedule.
 */
export function resolveConfig(given: TrainConfig): ResolvedTrainConfig {
  knownKeys('train', given, keys);
  const count = (key: keyof TrainConfig, fallback?: number) =>
    number('train', key, given[key] ?? fallback, atLeastOne);
  const orNull = (key: keyof TrainConfig, rule: NumberRule) =>
    given[key] == null ? null : number('train', key, given[key], rule);
  const bestMetric = given.bestMetric ?? (given.ema ? 'emaAccuracy' : 'validationAccuracy');
  choice('train', bestMetric, epochMetrics, 'bestMetric');
  if (bestMetric.startsWith('ema') && !given.ema) {
    throw new Error(
      `train: \`bestMetric\` ${received(bestMetric)} needs averages, received \`ema\` null; set \`ema\``,
    );
  }
  const optimizer = resolveOptimizer(given.optimizer ?? { name: 'sgd' });
  return {
    ...resolveLength(given),
    maxSteps: orNull('maxSteps', atLeastOne),
    optimizer,
    schedule: resolveSchedule(given.schedule ?? { name: 'stepDecay' }),
    learningRateScale: given.learningRateScale ? resolveLearningRateScale(given.learningRateScale) : null,
    momentumSchedule: given.momentumSchedule ? resolveValues(given.momentumSchedule, momentum) : null,
    weightDecaySchedule: resolveDecaySchedule(given.weightDecaySchedule ?? null, optimizer),
    labelSmoothing: number('train', 'labelSmoothing', given.labelSmoothing ?? 0, { min: 0, below: 1 }),
    ...resolveSynchronization(given),
    checksumEverySteps: given.checksumEverySteps === null ? null : count('checksumEverySteps', 250),
    microBatchSize: orNull('microBatchSize', atLeastOne),
    ...resolveClipping(given),
    onDivergence: resolveDivergence(given.onDivergence ?? 'stop'),
    ema: given.ema ? resolveEma(given.ema) : null,
    logEverySteps: count('logEverySteps', 250),
    // Stated as null it means none; left out it means the default.
    checkpointEveryEpochs: given.checkpointEveryEpochs === null ? null : count('checkpointEveryEpochs', 1),
    checkpointEverySteps: orNull('checkpointEverySteps', atLeastOne),
    checkpointEveryMinutes: orNull('checkpointEveryMinutes', { above: 0 }),
    bestMetric,
    validateEveryEpochs: count('validateEveryEpochs', 1),
    seed: number('train', 'seed', given.seed ?? 0, { integer: true, min: 0 }),
  };
}

function resolveLength({
  epochs = null,
  steps = null,
}: TrainConfig): Pick<ResolvedTrainConfig, 'epochs' | 'steps'> {
  if ((epochs === null) === (steps === null)) {
    throw new Error(
      `train: either \`epochs\` or \`steps\` must be given, received ${received({ epochs, steps })}; ` +
        'set the one and leave the other out',
    );
  }
  const count = (key: string, value: number | null) =>
    value === null ? null : number('train', key, value, atLeastOne);
  return { epochs: count('epochs', epochs), steps: count('steps', steps) };
}

function resolveSynchronization({
  syncBatchNorm = false,
  microBatchSize = null,
}: TrainConfig): Pick<ResolvedTrainConfig, 'syncBatchNorm'> {
  boolean('train', 'syncBatchNorm', syncBatchNorm);
  if (syncBatchNorm && microBatchSize !== null) {
    throw new Error(
      `train: \`microBatchSize\` must be null with \`syncBatchNorm\`, received ${microBatchSize}; batch norm of the whole ` +
        'batch needs its images at once: use more ranks or a smaller batch',
    );
  }
  return { syncBatchNorm };
}

function resolveClipping({ clipNorm = null, clipValue = null }: TrainConfig): Clipping {
  if (clipNorm !== null && clipValue !== null) {
    throw new Error(
      `train: \`clipValue\` must be null where \`clipNorm\` is given, received ${received(clipValue)}; choose one`,
    );
  }
  const bound = (key: string, value: number | null) =>
    value === null ? null : number('train', key, value, { above: 0 });
  return { clipNorm: bound('clipNorm', clipNorm), clipValue: bound('clipValue', clipValue) };
}

function resolveDivergence(given: 'stop' | Rollback): 'stop' | Required<Rollback> {
  if (given === 'stop') return given;
  if (typeof given !== 'object') {
    throw new Error(
      `train: \`onDivergence\` must be 'stop' or an object with \`rollback\`, received ${received(given)}`,
    );
  }
  const subject = 'train.onDivergence';
  const { rollback, factor = 0.5 } = knownKeys(subject, given, ['rollback', 'factor']);
  return {
    rollback: number(subject, 'rollback', rollback, atLeastOne),
    factor: number(subject, 'factor', factor, { above: 0, below: 1 }),
  };
}

function resolveDecaySchedule(
  given: ValueSchedule | null,
  optimizer: ResolvedOptimizer,
): ResolvedValueSchedule | null {
  if (given === null) return null;
  if (hasWeightDecay(optimizer)) return resolveValues(given, weightDecay);
  throw new Error(
    'train: `weightDecaySchedule` needs a `weightDecay` of the optimizer to multiply, ' +
      `received ${received(optimizer.weightDecay)}; set \`optimizer.weightDecay\``,
  );
}
