import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type { NamedArrays } from '@xcp/safetensors';
import { choice, knownKeys, number, received } from '../config/checks';
import { modelVariables } from '../weights';
import type { InitReport, TrainInit } from './train-init';

/** Steps that schedules and optimizer count before the first one of a run. */
export interface StepsBefore {
  schedule: number;
  optimizer: number;
}

export interface InitPlan {
  /** The weights to load. */
  weights: NamedArrays;
  /** The slots to load; null for none. */
  optimizer: NamedArrays | null;
  before: StepsBefore;
  report: InitReport;
}

const modes = { keep: true, fresh: true };
const courses = { fresh: true, continue: true };
const keys = ['weights', 'head', 'schedule', 'step', 'optimizer', 'source'];

/**
 * Checks what a run is to begin with against its model, and says what will be loaded, with the model as it was.
 *
 * @throws if a weight that is to be loaded is missing or has another shape, naming the layers.
 */
export function planInit(model: tfl.LayersModel, init: TrainInit): InitPlan {
  const subject = 'train: `init`';
  knownKeys(subject, init, keys);
  const { weights, head = 'keep', schedule = 'fresh', step = null, optimizer = null } = init;
  choice(subject, head, modes, 'head');
  choice(subject, schedule, courses, 'schedule');
  if (schedule === 'continue') number(subject, 'step', step, { integer: true, min: 1 });

  const variables = modelVariables(model);
  const headNames = head === 'fresh' ? namesOfHead(model) : [];
  const wanted = Object.keys(variables).filter((name) => !headNames.includes(name));
  checkNames(wanted, variables, weights, head);
  checkShapes(wanted, variables, weights, namesOfHead(model));
  const slots = schedule === 'continue' && head === 'keep' ? optimizer : null;
  return {
    weights: Object.fromEntries(wanted.map((name) => [name, weights[name]!])),
    optimizer: slots,
    before: {
      schedule: schedule === 'continue' ? step! : 0,
      optimizer: slots ? step! : 0,
    },
    report: {
      loaded: wanted,
      fresh: headNames,
      left: Object.keys(weights).filter((name) => !wanted.includes(name)),
      optimizer: slots !== null,
    },
  };
}

/**
 * What {@link train} would load of what a run is to begin with, without loading it.
 *
 * @example checkInit(model, { ...(await readInit('runs/first')), head: 'fresh' }).fresh
 * @throws if a weight that is to be loaded is missing or has another shape, naming the layers.
 */
export function checkInit(model: tfl.LayersModel, init: TrainInit): InitReport {
  return planInit(model, init).report;
}

/** The weights of the last layer that has any. */
function namesOfHead(model: tfl.LayersModel): string[] {
  const head = model.layers.findLast((layer) => layer.weights.length > 0);
  return head?.weights.map(({ originalName }) => originalName) ?? [];
}

function checkNames(
  wanted: readonly string[],
  variables: Record<string, tf.Variable>,
  weights: NamedArrays,
  head: 'keep' | 'fresh',
): void {
  const missing = wanted.filter((name) => !Object.hasOwn(weights, name));
  const unknown = Object.keys(weights).filter((name) => !Object.hasOwn(variables, name));
  if (missing.length === wanted.length) {
    throw new Error(
      'train: `init.weights` must have the names of the model, received none of them ' +
        `(${list(Object.keys(weights))} for ${list(wanted)}); ` +
        'load weights that are named otherwise into a model first, and hand over its `modelWeights`',
    );
  }
  if (missing.length > 0) {
    throw new Error(
      `train: \`init.weights\` must hold every weight that is loaded, received none for ${list(missing)}; ` +
        'build the model with the configuration of those weights',
    );
  }
  if (head === 'keep' && unknown.length > 0) {
    throw new Error(
      `train: \`init.weights\` must be those of the model, received ${list(unknown)} besides; ` +
        'build the model with the configuration of those weights',
    );
  }
}

function checkShapes(
  wanted: readonly string[],
  variables: Record<string, tf.Variable>,
  weights: NamedArrays,
  headNames: readonly string[],
): void {
  const differing = wanted.filter((name) => {
    const { shape, dtype } = variables[name]!;
    return received(weights[name]!.shape) !== received(shape) || weights[name]!.dtype !== dtype;
  });
  if (differing.length === 0) return;
  const described = differing.map((name) => {
    const [mine, given] = [variables[name]!, weights[name]!];
    return `'${name}' ${mine.dtype} ${received(mine.shape)}, not ${given.dtype} ${received(given.shape)}`;
  });
  const onlyHead = differing.every((name) => headNames.includes(name));
  throw new Error(
    `train: \`init.weights\` must have the shapes of the model: ${list(described)}; ` +
      (onlyHead
        ? "for other classes set `head: 'fresh'`, which leaves the last layer as it is initialized"
        : 'build the model with the configuration of those weights'),
  );
}

function list(names: readonly string[]): string {
  return `${names.slice(0, 3).join(', ')}${names.length > 3 ? `, … (${names.length} in all)` : ''}`;
}
