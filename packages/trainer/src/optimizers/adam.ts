import * as tf from '@tensorflow/tfjs-core';
import type { AdamConfig } from '../config/optimizer-config';
import { fusedUpdate } from './fused-update';
import type { Optimizer } from './optimizer';
import type { Parameter } from './parameters';
import { namedSlots, zeroSlots } from './slots';

/**
 * Adam: g ← g + weightDecay · w, m ← β1 m + (1 − β1) g, v ← β2 v + (1 − β2) g²,
 * w ← w − learningRate · m̂ / (√v̂ + ε), where m̂ = m / (1 − β1ᵗ) and v̂ = v / (1 − β2ᵗ) at step t.
 *
 * @see torch.optim.Adam; Kingma and Ba, "Adam", algorithm 1
 */
export function adam(config: Required<AdamConfig>, parameters: readonly Parameter[]): Optimizer {
  const { beta1, beta2, epsilon } = config;
  const variables = parameters.map(({ variable }) => variable);
  const firstMoments = zeroSlots(parameters);
  const secondMoments = zeroSlots(parameters);
  const weightDecay = parameters.map((parameter) => parameter.weightDecay);

  const update = (i: number, gradient: tf.Tensor, learningRate: number, step: number) => {
    const variable = variables[i]!;
    const m = firstMoments[i]!;
    const v = secondMoments[i]!;
    const decay = weightDecay[i]!;
    const g = decay > 0 ? tf.add(gradient, tf.mul(variable, decay)) : gradient;
    m.assign(tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1)));
    v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2)));
    const root = tf.add(tf.div(tf.sqrt(v), Math.sqrt(1 - beta2 ** step)), epsilon);
    variable.assign(tf.sub(variable, tf.mul(tf.div(m, root), learningRate / (1 - beta1 ** step))));
  };

  return {
    slots: namedSlots(parameters, { first_moment: firstMoments, second_moment: secondMoments }),
    apply(gradients, learningRate, step) {
      const inputs = [...variables, ...gradients, ...firstMoments, ...secondMoments];
      const attrs = { learningRate, beta1, beta2, epsilon, step, weightDecay };
      if (fusedUpdate('XcpAdamUpdate', inputs, attrs)) return;
      gradients.forEach((gradient, i) => {
        tf.tidy(() => update(i, gradient, learningRate, step));
      });
    },
  };
}
