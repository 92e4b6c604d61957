import * as tf from '@tensorflow/tfjs-core';
import type { SgdConfig } from '../config/optimizer-config';
import { fusedUpdate } from './fused-update';
import type { Optimizer } from './optimizer';
import type { Parameter } from './parameters';
import { namedSlots, zeroSlots } from './slots';

/**
 * Stochastic gradient descent: g ← g + weightDecay · w, v ← momentum · v + g, w ← w − learningRate · v, where
 * Nesterov's form steps along g + momentum · v.
 *
 * @see torch.optim.SGD; Sutskever et al., "On the importance of initialization and momentum"
 */
export function sgd(
  { momentum, nesterov }: Required<SgdConfig>,
  parameters: readonly Parameter[],
): Optimizer {
  const variables = parameters.map(({ variable }) => variable);
  const velocities = zeroSlots(parameters);
  const weightDecay = parameters.map((parameter) => parameter.weightDecay);

  const update = (i: number, gradient: tf.Tensor, learningRate: number) => {
    const variable = variables[i]!;
    const velocity = velocities[i]!;
    const decay = weightDecay[i]!;
    const g = decay > 0 ? tf.add(gradient, tf.mul(variable, decay)) : gradient;
    velocity.assign(tf.add(tf.mul(velocity, momentum), g));
    const direction = nesterov ? tf.add(g, tf.mul(velocity, momentum)) : velocity;
    variable.assign(tf.sub(variable, tf.mul(direction, learningRate)));
  };

  return {
    slots: namedSlots(parameters, { velocity: velocities }),
    apply(gradients, learningRate) {
      const attrs = { learningRate, momentum, nesterov, weightDecay };
      if (fusedUpdate('XcpSgdUpdate', [...variables, ...gradients, ...velocities], attrs)) return;
      gradients.forEach((gradient, i) => {
        tf.tidy(() => update(i, gradient, learningRate));
      });
    },
  };
}
