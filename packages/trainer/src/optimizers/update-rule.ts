import * as tf from '@tensorflow/tfjs-core';
import { fusedUpdate } from './fused-update';
import type { Courses, Optimizer } from './optimizer';
import type { Parameter } from './parameters';
import { namedSlots, zeroSlots } from './slots';

/** What one parameter's update is made of. */
export interface Update {
  /** Written in place. */
  variable: tf.Variable;
  /** With the L2 term of a coupled weight decay. */
  gradient: tf.Tensor;
  /** In the order of the rule's slots; written in place. */
  slots: readonly tf.Variable[];
  learningRate: number;
}

/** An optimizer that moves every weight by itself. */
export interface UpdateRule<Numbers extends Record<string, number | boolean>> {
  /** The kernel that an engine may have for it. */
  kernelName: string;
  slots: readonly string[];
  /** Whether weight decay shrinks the weights, rather than being a part of the gradient. */
  decoupled: boolean;
  /** What is the same for all parameters in a step. */
  numbers(step: number): Numbers;
  update(update: Update, numbers: Numbers): void;
}

/**
 * Applies a rule to every parameter, by the engine's kernel or composed of TensorFlow.js ops.
 *
 * Weight decay adds weightDecay · w to the gradient, or where it is decoupled multiplies w by
 * 1 − learningRate · weightDecay before the update.
 *
 * @see Loshchilov and Hutter, "Decoupled weight decay regularization"
 */
export function byRule<Numbers extends Record<string, number | boolean>>(
  rule: UpdateRule<Numbers>,
  parameters: readonly Parameter[],
  courses: Courses,
): Optimizer {
  const { kernelName, decoupled } = rule;
  const variables = parameters.map(({ variable }) => variable);
  const slots = rule.slots.map(() => zeroSlots(parameters));

  return {
    slots: namedSlots(parameters, Object.fromEntries(rule.slots.map((name, i) => [name, slots[i]!]))),
    apply(gradients, rate, step) {
      if (parameters.length === 0) return;
      const factor = courses.weightDecayFactor?.(step) ?? 1;
      const learningRate = parameters.map(({ learningRateScale }) => rate * learningRateScale);
      const weightDecay = parameters.map((parameter) => parameter.weightDecay * factor);
      const numbers = rule.numbers(step);
      const attrs = { ...numbers, decoupled, learningRate, weightDecay };
      if (fusedUpdate(kernelName, [...variables, ...gradients, ...slots.flat()], attrs)) return;
      variables.forEach((variable, i) => {
        const own = slots.map((list) => list[i]!);
        tf.tidy(() => {
          const gradient = decay(variable, gradients[i]!, decoupled, learningRate[i]!, weightDecay[i]!);
          rule.update({ variable, gradient, slots: own, learningRate: learningRate[i]! }, numbers);
        });
      });
    },
  };
}

/** Shrinks the variable, or returns the gradient with the L2 term. */
function decay(
  variable: tf.Variable,
  gradient: tf.Tensor,
  decoupled: boolean,
  learningRate: number,
  weightDecay: number,
): tf.Tensor {
  if (weightDecay === 0) return gradient;
  if (!decoupled) return tf.add(gradient, tf.mul(variable, weightDecay));
  variable.assign(tf.mul(variable, 1 - learningRate * weightDecay));
  return gradient;
}
