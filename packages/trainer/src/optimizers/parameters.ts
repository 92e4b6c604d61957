import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type { ResolvedOptimizer } from '../config/optimizer-config';
import type { Courses } from './optimizer';

/** A trainable weight, as an optimizer sees it. */
export interface Parameter {
  name: string;
  variable: tf.Variable;
  /** The L2 coefficient of this weight, 0 where it does not decay. */
  weightDecay: number;
  /** What its layer projects it by after every update, if anything. */
  constraint: tfl.LayerVariable['constraint'] | null;
}

/**
 * The trainable weights of a model in its own order, each with its weight decay: kernels decay, biases and batch
 * norm do not, nor does what `weightDecayExclude` names.
 *
 * @throws if nothing is trainable, or an excluded name is part of no weight's name.
 */
export function trainableParameters(
  model: tfl.LayersModel,
  { weightDecay, weightDecayExclude }: Pick<ResolvedOptimizer, 'weightDecay' | 'weightDecayExclude'>,
): Parameter[] {
  const names = model.weights.map((weight) => weight.originalName);
  for (const excluded of weightDecayExclude) {
    if (names.some((name) => name.includes(excluded))) continue;
    throw new Error(
      `optimizer: \`weightDecayExclude\` must name weights of the model, received '${excluded}', ` +
        `which is in none of ${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}`,
    );
  }
  const decays = (name: string) =>
    name.endsWith('kernel') && !weightDecayExclude.some((excluded) => name.includes(excluded));
  const weights = [...new Set(model.trainableWeights)];
  if (weights.length === 0) {
    throw new Error('train: `model` must have trainable weights, received none; unfreeze a layer');
  }
  return weights.map((weight) => ({
    name: weight.originalName,
    variable: weight.read() as tf.Variable,
    weightDecay: decays(weight.originalName) ? weightDecay : 0,
    constraint: weight.constraint ?? null,
  }));
}

/** The weight decay of each parameter in a step. */
export function weightDecays(parameters: readonly Parameter[], courses: Courses, step: number): number[] {
  const factor = courses.weightDecayFactor?.(step) ?? 1;
  return parameters.map(({ weightDecay }) => weightDecay * factor);
}
