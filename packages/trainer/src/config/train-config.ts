import { momentum, weightDecay } from '../schedules/quantity';
import { resolveValues } from '../schedules/resolve';
import type { ResolvedValueSchedule, ValueSchedule } from '../schedules/value-schedule';
import { knownKeys, number, received } from './checks';
import { type EmaConfig, type ResolvedEma, resolveEma } from './ema-config';
import {
  hasWeightDecay,
  type OptimizerConfig,
  type ResolvedOptimizer,
  resolveOptimizer,
} from './optimizer-config';
import { type ResolvedSchedule, resolveSchedule, type ScheduleConfig } from './schedule-config';

/** Everything that decides what a run of {@link train} computes, as plain data. */
export interface TrainConfig {
  /** Passes over the training data. Has no default: no number fits every data set. */
  epochs: number;
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
   * The momentum of SGD and RMSprop, or Adam's beta1, in place of the optimizer's own: schedules as those of the
   * learning rate, with `value` for `learningRate`. Default null: it stays as it is.
   */
  momentumSchedule?: ValueSchedule | null;
  /** What the weight decay of every weight is multiplied by, likewise. Default null: it stays as it is. */
  weightDecaySchedule?: ValueSchedule | null;
  /** The share of the target spread evenly over all classes, in [0, 1). Default 0: plain cross-entropy. */
  labelSmoothing?: number;
  /**
   * An average of the weights that is kept beside them, validated as they are and saved in every checkpoint. Default
   * null: none.
   */
  ema?: EmaConfig | null;
  /** Steps between two log events. Default 250: a few lines per epoch of CIFAR-10 at batch 32 to 64. */
  logEverySteps?: number;
  /** Epochs between two checkpoints; the best and the last epoch are saved in any case. Default 1. */
  checkpointEveryEpochs?: number;
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
  momentumSchedule: ResolvedValueSchedule | null;
  weightDecaySchedule: ResolvedValueSchedule | null;
  ema: ResolvedEma | null;
}

const keys: (keyof TrainConfig)[] = [
  'epochs',
  'maxSteps',
  'optimizer',
  'schedule',
  'momentumSchedule',
  'weightDecaySchedule',
  'labelSmoothing',
  'ema',
  'logEverySteps',
  'checkpointEveryEpochs',
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
  const optimizer = resolveOptimizer(given.optimizer ?? { name: 'sgd' });
  return {
    epochs: count('epochs'),
    maxSteps: given.maxSteps == null ? null : count('maxSteps'),
    optimizer,
    schedule: resolveSchedule(given.schedule ?? { name: 'stepDecay' }),
    momentumSchedule: given.momentumSchedule ? resolveValues(given.momentumSchedule, momentum) : null,
    weightDecaySchedule: resolveDecaySchedule(given.weightDecaySchedule ?? null, optimizer),
    labelSmoothing: number('train', 'labelSmoothing', given.labelSmoothing ?? 0, { min: 0, below: 1 }),
    ema: given.ema ? resolveEma(given.ema) : null,
    logEverySteps: count('logEverySteps', 250),
    checkpointEveryEpochs: count('checkpointEveryEpochs', 1),
    validateEveryEpochs: count('validateEveryEpochs', 1),
    seed: number('train', 'seed', given.seed ?? 0, { integer: true, min: 0 }),
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
