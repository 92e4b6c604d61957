import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type { ResolvedOptimizer } from '../config/optimizer-config';

/** A trainable weight, as an optimizer sees it. */
export interface Parameter {
  name: string;
  variable: tf.Variable;
  /** Multiplies the learning rate. */
  learningRateScale: number;
  /** The coefficient of this weight's decay, 0 where it does not decay. */
  weightDecay: number;
  /** What its layer projects it by after every update, if anything. */
  constraint: tfl.LayerVariable['constraint'] | null;
}

type Treatment = Pick<ResolvedOptimizer, 'weightDecay' | 'weightDecayExclude' | 'groups'>;

/**
 * The trainable weights of a model in its own order, each with its learning rate and weight decay. The first group
 * that matches its name decides; elsewhere kernels decay, biases and batch norm do not, nor does what
 * `weightDecayExclude` names.
 *
 * @throws if nothing is trainable, or a name that was given is part of no weight's name.
 */
export function trainableParameters(model: tfl.LayersModel, treatment: Treatment): Parameter[] {
  const { weightDecay, weightDecayExclude, groups } = treatment;
  const names = model.weights.map((weight) => weight.originalName);
  checkNames('optimizer: `weightDecayExclude`', weightDecayExclude, names);
  groups.forEach(({ match }, i) => {
    checkNames(`optimizer.groups.${i}: \`match\``, match, names);
  });
  const decays = (name: string) => name.endsWith('kernel') && !hasPart(name, weightDecayExclude);
  const weights = [...new Set(model.trainableWeights)];
  if (weights.length === 0) {
    throw new Error('train: `model` must have trainable weights, received none; unfreeze a layer');
  }
  return weights.map((weight) => {
    const name = weight.originalName;
    const group = groups.find(({ match }) => hasPart(name, match));
    return {
      name,
      variable: weight.read() as tf.Variable,
      learningRateScale: group?.learningRateScale ?? 1,
      weightDecay: group?.weightDecay ?? (decays(name) ? weightDecay : 0),
      constraint: weight.constraint ?? null,
    };
  });
}

const hasPart = (name: string, parts: readonly string[]) => parts.some((part) => name.includes(part));

function checkNames(subject: string, parts: readonly string[], names: readonly string[]): void {
  for (const part of parts) {
    if (names.some((name) => name.includes(part))) continue;
    throw new Error(
      `${subject} must name weights of the model, received '${part}', ` +
        `which is in none of ${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}`,
    );
  }
}
