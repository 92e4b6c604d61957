import * as tf from '@tensorflow/tfjs-core';
import type { SgdConfig } from '../config/optimizer-config';
import { fusedUpdate } from './fused-update';
import type { Courses, Optimizer } from './optimizer';
import { type Parameter, weightDecays } from './parameters';
import { namedSlots, zeroSlots } from './slots';

/**
 * Stochastic gradient descent: g ← g + weightDecay · w, v ← momentum · v + g, w ← w − learningRate · v, where
 * Nesterov's form steps along g + momentum · v.
 *
 * @see torch.optim.SGD; Sutskever et al., "On the importance of initialization and momentum"
 */
export function sgd(
  config: Required<SgdConfig>,
  parameters: readonly Parameter[],
  courses: Courses,
): Optimizer {
  const { nesterov } = config;
  const variables = parameters.map(({ variable }) => variable);
  const velocities = zeroSlots(parameters);

  const update = (i: number, gradient: tf.Tensor, learningRate: number, momentum: number, decay: number) => {
    const variable = variables[i]!;
    const velocity = velocities[i]!;
    const g = decay > 0 ? tf.add(gradient, tf.mul(variable, decay)) : gradient;
    velocity.assign(tf.add(tf.mul(velocity, momentum), g));
    const direction = nesterov ? tf.add(g, tf.mul(velocity, momentum)) : velocity;
    variable.assign(tf.sub(variable, tf.mul(direction, learningRate)));
  };

  return {
    slots: namedSlots(parameters, { velocity: velocities }),
    apply(gradients, learningRate, step) {
      const momentum = courses.momentum?.(step) ?? config.momentum;
      const weightDecay = weightDecays(parameters, courses, step);
      const attrs = { learningRate, momentum, nesterov, weightDecay };
      if (fusedUpdate('XcpSgdUpdate', [...variables, ...gradients, ...velocities], attrs)) return;
      gradients.forEach((gradient, i) => {
        tf.tidy(() => update(i, gradient, learningRate, momentum, weightDecay[i]!));
      });
    },
  };
}
