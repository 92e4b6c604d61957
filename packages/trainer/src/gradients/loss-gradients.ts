import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { logitsOf, regularizationLosses } from '../model';
import type { Parameter } from '../optimizers/parameters';

export interface Part {
  images: tf.Tensor;
  labels: tf.Tensor1D;
  /** Mean loss over the images. */
  crossEntropy: (logits: tf.Tensor2D) => tf.Scalar;
  /** What the loss is multiplied by: the share of these images in their batch. Default none, the whole. */
  share?: tf.Scalar | undefined;
}

/**
 * The loss with the penalties of regularized weights, how many images were classified rightly, and one gradient per
 * parameter, in order.
 */
export function lossAndGradients(
  model: tfl.LayersModel,
  parameters: readonly Parameter[],
  { images, labels, crossEntropy, share }: Part,
): tf.Tensor[] {
  let correct: tf.Tensor | undefined;
  const loss = () => {
    const logits = logitsOf(model, images, true);
    correct = tf.keep(tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'float32')));
    const whole = regularizationLosses(model).reduce<tf.Scalar>(
      (sum, penalty) => tf.add(sum, penalty),
      crossEntropy(logits),
    );
    return share ? tf.mul<tf.Scalar>(whole, share) : whole;
  };
  try {
    const variables = parameters.map(({ variable }) => variable);
    const { value, grads } = tf.variableGrads(loss, variables);
    return [value, tf.clone(correct!), ...gradientsInOrder(parameters, grads)];
  } finally {
    correct?.dispose();
  }
}

function gradientsInOrder(parameters: readonly Parameter[], grads: tf.NamedTensorMap): tf.Tensor[] {
  return parameters.map(({ name, variable }) => {
    const gradient = grads[variable.name];
    if (gradient) return gradient;
    throw new Error(
      `train: every trainable weight must have a part in the loss, received '${name}', which has none; ` +
        'set `trainable` to false on its layer',
    );
  });
}
