import * as tf from '@tensorflow/tfjs-core';
import { softmaxCrossEntropy } from '@xcp/trainer';

export const SGD = { learningRate: 0.01, momentum: 0.9 };

/** A training step that returns the loss: forward, cross-entropy, gradients, SGD with momentum. */
export function trainingStep(model, { images, labels }) {
  const weights = model.trainableWeights.map((weight) => weight.read());
  const velocities = weights.map((weight) => tf.tidy(() => tf.variable(tf.zerosLike(weight), false)));
  return () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(
        () => softmaxCrossEntropy(model.apply(images, { training: true }), labels, 0),
        weights,
      );
      const gradients = weights.map((weight) => grads[weight.name]);
      update(weights, gradients, velocities);
      return value.dataSync()[0];
    });
}

/** A prediction of the whole batch, read back. */
export function prediction(model, { images }) {
  const batchSize = images.shape[0];
  return () => tf.tidy(() => model.predict(images, { batchSize }).dataSync());
}

function update(weights, gradients, velocities) {
  const kernel = tf.getKernel('XcpSgdUpdate', tf.getBackend());
  if (kernel) {
    const attrs = { ...SGD, nesterov: false, weightDecay: weights.map(() => 0) };
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
