import * as tf from '@tensorflow/tfjs-core';
import type { AdamConfig, AdamWConfig } from '../config/optimizer-config';
import type { Courses, Optimizer } from './optimizer';
import type { Parameter } from './parameters';
import { byRule } from './update-rule';

/**
 * Adam: m ← β1 m + (1 − β1) g, v ← β2 v + (1 − β2) g², w ← w − learningRate · m̂ / (√v̂ + ε), where
 * m̂ = m / (1 − β1ᵗ) and v̂ = v / (1 − β2ᵗ) at step t. AdamW is the same with a decoupled weight decay.
 *
 * @see torch.optim.Adam, torch.optim.AdamW; Kingma and Ba, "Adam", algorithm 1
 */
export function adam(
  config: Required<AdamConfig> | Required<AdamWConfig>,
  parameters: readonly Parameter[],
  courses: Courses,
): Optimizer {
  return byRule(
    {
      kernelName: 'XcpAdamUpdate',
      slots: ['first_moment', 'second_moment'],
      decoupled: config.name === 'adamw',
      numbers: (step) => ({
        beta1: courses.momentum?.(step) ?? config.beta1,
        beta2: config.beta2,
        epsilon: config.epsilon,
        step,
      }),
      update({ variable, gradient, slots, learningRate }, { beta1, beta2, epsilon, step }) {
        const [m, v] = slots as [tf.Variable, tf.Variable];
        m.assign(tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1)));
        v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
        const root = tf.add(tf.div(tf.sqrt(v), Math.sqrt(1 - beta2 ** step)), epsilon);
        variable.assign(tf.sub(variable, tf.mul(tf.div(m, root), learningRate / (1 - beta1 ** step))));
      },
    },
    parameters,
    courses,
  );
}
