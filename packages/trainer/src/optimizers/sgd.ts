import * as tf from '@tensorflow/tfjs-core';
import type { SgdConfig } from '../config/optimizer-config';
import type { Courses, Optimizer } from './optimizer';
import type { Parameter } from './parameters';
import { byRule } from './update-rule';

/**
 * Stochastic gradient descent: v ← momentum · v + g, w ← w − learningRate · v, where Nesterov's form steps along
 * g + momentum · v.
 *
 * @see torch.optim.SGD; Sutskever et al., "On the importance of initialization and momentum"
 */
export function sgd(
  config: Required<SgdConfig>,
  parameters: readonly Parameter[],
  courses: Courses,
): Optimizer {
  const { nesterov } = config;
  return byRule(
    {
      kernelName: 'XcpSgdUpdate',
      slots: ['velocity'],
      decoupled: config.decoupledWeightDecay,
      numbers: (step) => ({ momentum: courses.momentum?.(step) ?? config.momentum, nesterov }),
      update({ variable, gradient, slots, learningRate }, { momentum }) {
        const velocity = slots[0]!;
        velocity.assign(tf.add(tf.mul(velocity, momentum), gradient));
        const direction = nesterov ? tf.add(gradient, tf.mul(velocity, momentum)) : velocity;
        variable.assign(tf.sub(variable, tf.mul(direction, learningRate)));
      },
    },
    parameters,
    courses,
  );
}
