import * as tf from '@tensorflow/tfjs-core';
import type { MuonConfig } from '../config/optimizer-config';
import type { Courses, Optimizer } from './optimizer';
import { orthogonalize } from './orthogonalize';
import type { Parameter } from './parameters';
import { sgd } from './sgd';
import { byRule } from './update-rule';

/** Whether Muon takes a weight for a matrix [inputs of an output, outputs]: the kernel of a convolution. */
const isMatrix = ({ name, variable }: Parameter) =>
  variable.rank === 4 && name.endsWith('kernel') && !name.endsWith('depthwise_kernel');

/**
 * Muon: SGD whose steps along the kernels of convolutions, but depthwise ones, are made nearly orthogonal:
 * w ← w − learningRate · √max(1, outputs / inputs) · O, where O has the singular vectors of the velocity, or with
 * Nesterov's form of g + momentum · v, and singular values near 1. Everything else is trained by SGD. Weight decay is
 * decoupled.
 *
 * @see torch.optim.Muon; Jordan et al., "Muon: An optimizer for hidden layers in neural networks"
 */
export function muon(
  config: Required<MuonConfig>,
  parameters: readonly Parameter[],
  courses: Courses,
): Optimizer {
  const { momentum, nesterov, newtonSchulzSteps, sgdLearningRateScale } = config;
  const isMatrixAt = parameters.map(isMatrix);
  const matrices = byRule(
    {
      kernelName: 'XcpMuonUpdate',
      slots: ['velocity'],
      decoupled: true,
      numbers: (step) => ({
        momentum: courses.momentum?.(step) ?? momentum,
        nesterov,
        newtonSchulzSteps,
      }),
      update({ variable, gradient, slots, learningRate }, { momentum }) {
        const velocity = slots[0]!;
        velocity.assign(tf.add(tf.mul(velocity, momentum), gradient));
        const direction = nesterov ? tf.add(gradient, tf.mul(velocity, momentum)) : velocity;
        const outputs = variable.shape.at(-1)!;
        const inputs = variable.size / outputs;
        const move = orthogonalize(tf.reshape(direction, [inputs, outputs]), newtonSchulzSteps);
        const rate = learningRate * Math.sqrt(Math.max(1, outputs / inputs));
        variable.assign(tf.sub(variable, tf.mul(tf.reshape(move, variable.shape), rate)));
      },
    },
    parameters.filter((_, i) => isMatrixAt[i]),
    courses,
  );
  const others = sgd(
    { ...config, name: 'sgd', decoupledWeightDecay: true },
    parameters
      .filter((_, i) => !isMatrixAt[i])
      .map((parameter) => ({
        ...parameter,
        learningRateScale: parameter.learningRateScale * sgdLearningRateScale,
      })),
    courses,
  );
  return {
    slots: { ...matrices.slots, ...others.slots },
    apply(gradients, learningRate, step) {
      const of = (wanted: boolean) => gradients.filter((_, i) => isMatrixAt[i] === wanted);
      matrices.apply(of(true), learningRate, step);
      others.apply(of(false), learningRate, step);
    },
  };
}
