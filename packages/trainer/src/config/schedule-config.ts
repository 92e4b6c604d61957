import { choice, knownKeys, number, received } from './checks';

/** The same learning rate at every step. */
export interface ConstantSchedule {
  name: 'constant';
  /** Default 0.001: Adam's in PyTorch and Keras. */
  learningRate?: number;
}

/** A span of training in one of three units. */
export type Span = { epochs: number } | { steps: number } | { samples: number };

/** `learningRate`, multiplied by `factor` after every span. */
export interface StepDecaySchedule {
  name: 'stepDecay';
  /** Default 0.045: the Xception paper, ImageNet. */
  learningRate?: number;
  /** Default 0.94: the paper. */
  factor?: number;
  /** Default 2 epochs: the paper. */
  every?: Span;
}

/** Linear from the initial rate up to the highest, then linear down to the final one over the planned steps. */
export interface OneCycleSchedule {
  name: 'oneCycle';
  /** Has no default: it depends on the model and the batch. */
  maxLearningRate: number;
  /** Default a tenth of `maxLearningRate`: large enough to learn from, small enough for fresh weights. */
  initialLearningRate?: number;
  /** Default 0: noise of the last steps dies away. */
  finalLearningRate?: number;
  /** The share of the steps on the way up, in [0, 1]. Default 0.25. */
  warmup?: number;
}

export type ScheduleConfig = ConstantSchedule | StepDecaySchedule | OneCycleSchedule;
export type ResolvedSchedule =
  | Required<ConstantSchedule>
  | Required<StepDecaySchedule>
  | Required<OneCycleSchedule>;

const rate = (key: string, value: unknown) => number('schedule', key, value, { above: 0 });

const resolvers = { constant: resolveConstant, stepDecay: resolveStepDecay, oneCycle: resolveOneCycle };

/** Checks a schedule's configuration and fills in the defaults. */
export function resolveSchedule(given: ScheduleConfig): ResolvedSchedule {
  if (typeof given !== 'object' || given === null) {
    throw new Error(`train: \`schedule\` must be an object with a \`name\`, received ${received(given)}`);
  }
  const resolve = choice<(given: never) => ResolvedSchedule>('schedule', given.name, resolvers);
  return resolve(given as never);
}

function resolveConstant(given: ConstantSchedule): Required<ConstantSchedule> {
  knownKeys('schedule', given, ['name', 'learningRate']);
  return { name: 'constant', learningRate: rate('learningRate', given.learningRate ?? 1e-3) };
}

function resolveStepDecay(given: StepDecaySchedule): Required<StepDecaySchedule> {
  knownKeys('schedule', given, ['name', 'learningRate', 'factor', 'every']);
  return {
    name: 'stepDecay',
    learningRate: rate('learningRate', given.learningRate ?? 0.045),
    factor: number('schedule', 'factor', given.factor ?? 0.94, { above: 0, max: 1 }),
    every: resolveSpan(given.every ?? { epochs: 2 }),
  };
}

function resolveSpan(given: Span): Span {
  const [unit, ...others] = Object.keys(knownKeys('schedule', given, ['epochs', 'steps', 'samples']));
  if (unit === undefined || others.length > 0) {
    throw new Error(
      `schedule: \`every\` must hold exactly one of \`epochs\`, \`steps\`, \`samples\`, received ${received(given)}`,
    );
  }
  number('schedule', `every.${unit}`, given[unit as never], { integer: unit !== 'epochs', above: 0 });
  return { ...given };
}

function resolveOneCycle(given: OneCycleSchedule): Required<OneCycleSchedule> {
  knownKeys('schedule', given, [
    'name',
    'maxLearningRate',
    'initialLearningRate',
    'finalLearningRate',
    'warmup',
  ]);
  const maxLearningRate = rate('maxLearningRate', given.maxLearningRate);
  const upTo = { min: 0, max: maxLearningRate };
  const initial = given.initialLearningRate ?? maxLearningRate / 10;
  return {
    name: 'oneCycle',
    maxLearningRate,
    initialLearningRate: number('schedule', 'initialLearningRate', initial, upTo),
    finalLearningRate: number('schedule', 'finalLearningRate', given.finalLearningRate ?? 0, upTo),
    warmup: number('schedule', 'warmup', given.warmup ?? 0.25, { min: 0, max: 1 }),
  };
}
