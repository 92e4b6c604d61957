import * as tf from '@tensorflow/tfjs-core';
import { softmaxCrossEntropy } from '@xcp/trainer';

export const SGD = { learningRate: 0.01, momentum: 0.9 };

/** A function of tensors, run again by the engine without JavaScript between its kernels where it can (`traced`). */
function traced(run) {
  const trace = tf.backend().trace?.(run);
  return trace ? (...inputs) => trace.call(inputs) : run;
}

const asItIs = (run) => run;

/**
 * A training step that returns the loss: forward, cross-entropy, gradients, SGD with momentum. `eager`: every op through
 * TensorFlow.js, on every engine.
 */
export function trainingStep(model, { images, labels }, { eager = false } = {}) {
  const weights = model.trainableWeights.map((weight) => weight.read());
  const velocities = weights.map((weight) => tf.tidy(() => tf.variable(tf.zerosLike(weight), false)));
  const lossAndGradients = (eager ? asItIs : traced)((x, y) => {
    const loss = () => softmaxCrossEntropy(model.apply(x, { training: true }), y, 0);
    const { value, grads } = tf.variableGrads(loss, weights);
    return [value, ...weights.map((weight) => grads[weight.name])];
  });
  return () =>
    tf.tidy(() => {
      const [loss, ...gradients] = lossAndGradients(images, labels);
      update(weights, gradients, velocities);
      return loss.dataSync()[0];
    });
}

/** A prediction of the whole batch, read back. */
export function prediction(model, { images }, { eager = false } = {}) {
  const batchSize = images.shape[0];
  const predict = (eager ? asItIs : traced)((x) => [model.predict(x, { batchSize })]);
  return () => tf.tidy(() => predict(images)[0].dataSync());
}

function update(weights, gradients, velocities) {
  const kernel = tf.getKernel('XcpSgdUpdate', tf.getBackend());
  if (kernel) {
    const forEach = (value) => weights.map(() => value);
    const attrs = {
      momentum: SGD.momentum,
      learningRate: forEach(SGD.learningRate),
      weightDecay: forEach(0),
      nesterov: false,
      decoupled: false,
    };
    const inputs = [...weights, ...gradients, ...velocities];
    kernel.kernelFunc({ inputs, attrs, backend: tf.backend() });
    return;
  }
  weights.forEach((weight, i) => {
    const velocity = velocities[i];
    velocity.assign(tf.add(tf.mul(velocity, SGD.momentum), gradients[i]));
    weight.assign(tf.sub(weight, tf.mul(velocity, SGD.learningRate)));
  });
}
