import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { type Batch, checkBatch } from './batch';
import { softmaxCrossEntropy } from './loss';
import { classesOf, logitsOf, regularizationLosses } from './model';
import type { Optimizer } from './optimizers/optimizer';
import type { Parameter } from './optimizers/parameters';

export interface StepOptions {
  learningRate: number;
  labelSmoothing: number;
  /** The number of this step in the run, from 1. */
  step: number;
}

/**
 * One training step: forward, loss, gradients, update.
 *
 * Returns a float32 tensor `[loss, correct]`, `[1, 2]`, that the caller disposes: the mean loss of the batch with
 * the model's regularization losses, as it is optimized, and how many images were classified rightly.
 *
 * @throws if the batch does not fit the model, or a trainable weight gets no gradient.
 */
export function trainStep(
  model: tfl.LayersModel,
  parameters: readonly Parameter[],
  optimizer: Optimizer,
  batch: Batch,
  { learningRate, labelSmoothing, step }: StepOptions,
): tf.Tensor2D {
  checkBatch('train', batch, model.inputs[0]!.shape, classesOf(model));
  return tf.tidy(() => {
    const images = tf.tensor4d(batch.images, [...batch.shape]);
    const labels = tf.tensor1d(batch.labels, 'int32');
    let correct: tf.Tensor | undefined;
    const loss = () => {
      const logits = logitsOf(model, images, true);
      correct = tf.keep(tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'float32')));
      const crossEntropy = softmaxCrossEntropy(logits, labels, labelSmoothing);
      return regularizationLosses(model).reduce<tf.Scalar>(
        (sum, penalty) => tf.add(sum, penalty),
        crossEntropy,
      );
    };
    try {
      const { value, grads } = tf.variableGrads(
        loss,
        parameters.map(({ variable }) => variable),
      );
      optimizer.apply(gradientsInOrder(parameters, grads), learningRate, step);
      applyConstraints(parameters);
      return tf.reshape(tf.stack([value, correct!]), [1, 2]);
    } finally {
      correct?.dispose();
    }
  });
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

function applyConstraints(parameters: readonly Parameter[]): void {
  for (const { variable, constraint } of parameters) {
    if (constraint) variable.assign(tf.tidy(() => constraint.apply(variable)));
  }
}
