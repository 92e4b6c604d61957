import * as tf from '@tensorflow/tfjs-core';
import { batchNormTrain, relu } from '@xcp/layers';
import type { OptimizerConfig } from '../../../../trainer/src/config/optimizer-config';
import { resolveOptimizer } from '../../../../trainer/src/config/optimizer-config';
import { createOptimizer } from '../../../../trainer/src/optimizers/optimizer';
import { type Computation, filled } from './compare';

type Shape4 = [number, number, number, number];

function filterGradient(
  kernel: 'Conv2DBackpropFilter' | 'DepthwiseConv2dNativeBackpropFilter',
  inShape: Shape4,
  filterShape: Shape4,
  strides: number,
  pad: 'same' | 'valid',
): Computation {
  const depthwise = kernel !== 'Conv2DBackpropFilter';
  const { outShape } = tf.backend_util.computeConv2DInfo(
    inShape,
    filterShape,
    strides,
    1,
    pad,
    undefined,
    depthwise,
  );
  return () => {
    const inputs = { x: filled(inShape, 1), dy: filled(outShape, 2) };
    const attrs = { strides, pad, dilations: 1, dataFormat: 'NHWC', filterShape };
    return { filter: tf.engine().runKernel(kernel, inputs, attrs) as tf.Tensor };
  };
}

const conv = filterGradient.bind(null, 'Conv2DBackpropFilter');
const depthwise = filterGradient.bind(null, 'DepthwiseConv2dNativeBackpropFilter');

/** Batch normalization with its gradients, far from zero where a variance from squares would lose its digits. */
function batchNorm(
  shape: number[],
  options: { relu?: boolean; unbiasedVariance?: boolean; momentum?: number } = {},
): Computation {
  return () => {
    const channels = shape.at(-1)!;
    const vector = (seed: number) => filled([channels], seed);
    const x = tf.add(filled(shape, 1), tf.mul(vector(7), 100));
    const moving = [vector(4), tf.add(vector(5), 2)].map((v) => tf.variable(v, false));
    // Somebody holds what the variables had: it must not change with them.
    const held = moving.map((v) => tf.clone(v));
    const [movingMean, movingVariance] = moving as [tf.Variable, tf.Variable];
    const settings = { momentum: 0.9, epsilon: 1e-3, ...options };
    const f = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) =>
      batchNormTrain(x, gamma, beta, movingMean, movingVariance, settings);
    const y = f(x, vector(2), vector(3));
    const [dx, dgamma, dbeta] = tf.grads(f)([x, vector(2), vector(3)], filled(shape, 6)) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const moved = { mean: tf.mul(movingMean, 1), variance: tf.mul(movingVariance, 1) };
    tf.dispose(moving);
    return { y, dx, dgamma, dbeta, ...moved, heldMean: held[0]!, heldVariance: held[1]! };
  };
}

/** Three steps of an optimizer over two parameters of different rates and decays. */
function updates(config: OptimizerConfig): Computation {
  return () => {
    const parameters = [300, 7].map((size, i) => ({
      name: `p${i}`,
      variable: tf.variable(filled([size], i + 1)),
      constraint: null,
      learningRateScale: 1 + i,
      weightDecay: 0.1 * i,
    }));
    const { apply, slots } = createOptimizer(resolveOptimizer(config), parameters as never);
    for (let step = 1; step <= 3; step++) {
      apply(
        parameters.map(({ variable }, i) => filled(variable.shape, 10 * step + i)),
        0.1,
        step,
      );
    }
    const values = [...parameters.map(({ variable }) => variable), ...Object.values(slots)];
    const results = Object.fromEntries(values.map((v, i) => [`value ${i}`, tf.mul(v, 1)]));
    tf.dispose(values);
    return results;
  };
}

/** Ours against the cpu backend's, at sizes that no tile divides and at such that take several parts. */
export const kernelCases: Record<string, Computation> = {
  'filter gradient 1×1': conv([2, 9, 7, 37], [1, 1, 37, 45], 1, 'same'),
  'filter gradient 1×1, many places': conv([8, 16, 16, 12], [1, 1, 12, 20], 1, 'same'),
  'filter gradient 1×1, stride 2': conv([2, 9, 8, 5], [1, 1, 5, 6], 2, 'valid'),
  'filter gradient 3×3': conv([3, 11, 10, 5], [3, 3, 5, 7], 1, 'same'),
  'filter gradient 3×2, stride 2': conv([2, 10, 11, 3], [3, 2, 3, 33], 2, 'valid'),
  'depthwise filter gradient 3×3': depthwise([8, 16, 15, 19], [3, 3, 19, 1], 1, 'same'),
  'depthwise filter gradient 3×3, multiplier 2': depthwise([2, 7, 8, 5], [3, 3, 5, 2], 2, 'same'),
  'depthwise filter gradient 2×3, valid': depthwise([1, 5, 6, 33], [2, 3, 33, 1], 1, 'valid'),
  'batch norm': batchNorm([4, 9, 9, 35], { unbiasedVariance: true }),
  'batch norm with relu': batchNorm([16, 12, 12, 6], { relu: true }),
  'batch norm of one row, statistics at rest': batchNorm([1, 5], { momentum: 1, unbiasedVariance: true }),
  'relu gradient': () => {
    const x = filled([5, 77]);
    return { dx: tf.grad((x: tf.Tensor) => relu(x))(x, filled([5, 77], 2)) };
  },
  sgd: updates({ name: 'sgd', momentum: 0.9 }),
  'sgd, Nesterov, decoupled': updates({
    name: 'sgd',
    momentum: 0.9,
    nesterov: true,
    decoupledWeightDecay: true,
  } as OptimizerConfig),
  adam: updates({ name: 'adam' }),
  adamw: updates({ name: 'adamw' }),
  rmsprop: updates({ name: 'rmsprop' } as OptimizerConfig),
  'rmsprop, epsilon in the root': updates({
    name: 'rmsprop',
    epsilonInRoot: true,
    momentum: 0.5,
  } as OptimizerConfig),
  'average of weights': () => {
    const weight = tf.variable(filled([300], 1));
    const average = tf.variable(tf.clone(weight), false);
    weight.assign(filled([300], 2));
    const run = tf.getKernel('XcpEmaUpdate', tf.getBackend());
    if (run) {
      const inputs = [average, weight] as unknown as tf.NamedTensorInfoMap;
      run.kernelFunc({ inputs, attrs: { decay: 0.9 }, backend: tf.engine().backend });
    } else average.assign(tf.add(average, tf.mul(tf.sub(weight, average), 1 - 0.9)));
    const result = tf.mul(average, 1);
    tf.dispose([weight, average]);
    return { result };
  },
};
