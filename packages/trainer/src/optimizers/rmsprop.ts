import * as tf from '@tensorflow/tfjs-core';
import type { RmspropConfig } from '../config/optimizer-config';
import type { Courses, Optimizer } from './optimizer';
import type { Parameter } from './parameters';
import { byRule } from './update-rule';

/**
 * RMSprop: s ← ρ s + (1 − ρ) g², v ← momentum · v + g / (√s + ε), w ← w − learningRate · v; TensorFlow's form
 * divides by √(s + ε).
 *
 * @see torch.optim.RMSprop; keras.optimizers.RMSprop (for the other form); Tieleman and Hinton, lecture 6.5
 */
export function rmsprop(
  config: Required<RmspropConfig>,
  parameters: readonly Parameter[],
  courses: Courses,
): Optimizer {
  const { rho, epsilon, epsilonInRoot } = config;
  return byRule(
    {
      kernelName: 'XcpRmspropUpdate',
      slots: ['mean_square', 'velocity'],
      decoupled: false,
      numbers: (step) => ({
        rho,
        momentum: courses.momentum?.(step) ?? config.momentum,
        epsilon,
        epsilonInRoot,
      }),
      update({ variable, gradient, slots, learningRate }, { momentum }) {
        const [square, velocity] = slots as [tf.Variable, tf.Variable];
        square.assign(tf.add(tf.mul(square, rho), tf.mul(tf.square(gradient), 1 - rho)));
        const root = epsilonInRoot ? tf.sqrt(tf.add(square, epsilon)) : tf.add(tf.sqrt(square), epsilon);
        velocity.assign(tf.add(tf.mul(velocity, momentum), tf.div(gradient, root)));
        variable.assign(tf.sub(variable, tf.mul(velocity, learningRate)));
      },
    },
    parameters,
    courses,
  );
}
