import * as tf from '@tensorflow/tfjs-core';
import type { AdamConfig } from '../config/optimizer-config';
import { fusedUpdate } from './fused-update';
import type { Courses, Optimizer } from './optimizer';
import { type Parameter, weightDecays } from './parameters';
import { namedSlots, zeroSlots } from './slots';

/**
 * Adam: g ← g + weightDecay · w, m ← β1 m + (1 − β1) g, v ← β2 v + (1 − β2) g²,
 * w ← w − learningRate · m̂ / (√v̂ + ε), where m̂ = m / (1 − β1ᵗ) and v̂ = v / (1 − β2ᵗ) at step t.
 *
 * @see torch.optim.Adam; Kingma and Ba, "Adam", algorithm 1
 */
export function adam(
  config: Required<AdamConfig>,
  parameters: readonly Parameter[],
  courses: Courses,
): Optimizer {
  const { beta2, epsilon } = config;
  const variables = parameters.map(({ variable }) => variable);
  const firstMoments = zeroSlots(parameters);
  const secondMoments = zeroSlots(parameters);

  interface Numbers {
    learningRate: number;
    beta1: number;
    decay: number;
    step: number;
  }

  const update = (i: number, gradient: tf.Tensor, { learningRate, beta1, decay, step }: Numbers) => {
    const variable = variables[i]!;
    const m = firstMoments[i]!;
    const v = secondMoments[i]!;
    const g = decay > 0 ? tf.add(gradient, tf.mul(variable, decay)) : gradient;
    m.assign(tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1)));
    v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2)));
    const root = tf.add(tf.div(tf.sqrt(v), Math.sqrt(1 - beta2 ** step)), epsilon);
    variable.assign(tf.sub(variable, tf.mul(tf.div(m, root), learningRate / (1 - beta1 ** step))));
  };

  return {
    slots: namedSlots(parameters, { first_moment: firstMoments, second_moment: secondMoments }),
    apply(gradients, learningRate, step) {
      const beta1 = courses.momentum?.(step) ?? config.beta1;
      const weightDecay = weightDecays(parameters, courses, step);
      const inputs = [...variables, ...gradients, ...firstMoments, ...secondMoments];
      const attrs = { learningRate, beta1, beta2, epsilon, step, weightDecay };
      if (fusedUpdate('XcpAdamUpdate', inputs, attrs)) return;
      gradients.forEach((gradient, i) => {
        tf.tidy(() => update(i, gradient, { learningRate, beta1, decay: weightDecay[i]!, step }));
      });
    },
  };
}
