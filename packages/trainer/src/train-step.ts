import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { softmaxCrossEntropy } from '@xcp/layers';
import { type Batch, checkBatch } from './batch';
import { classesOf, logitsOf, regularizationLosses, setTrainingStep } from './model';
import type { Optimizer } from './optimizers/optimizer';
import type { Parameter } from './optimizers/parameters';
import { softCrossEntropy, softTargets } from './soft-targets';
import { traced } from './traced';

/** Takes training steps: forward, loss, gradients, update. */
export interface TrainStep {
  /**
   * One step; `step` is its number in the run, from 1.
   *
   * Returns a float32 tensor `[loss, correct]`, `[1, 2]`, that the caller disposes: the mean loss of the batch with
   * the model's regularization losses, as it is optimized, and how many images were classified rightly (by their own label, where they are mixed).
   *
   * @throws if the batch does not fit the model, or a trainable weight gets no gradient.
   */
  take(batch: Batch, learningRate: number, step: number): tf.Tensor2D;
  dispose(): void;
}

export function trainStep(
  model: tfl.LayersModel,
  parameters: readonly Parameter[],
  optimizer: Optimizer,
  labelSmoothing: number,
): TrainStep {
  const classes = classesOf(model);
  // What is traced must do the same in every step, but for its inputs: so layers get the step as one of them.
  const plain = traced((images, labels, stepsDone) => {
    setTrainingStep(model, stepsDone as tf.Scalar);
    return lossAndGradients(model, parameters, images!, labels as tf.Tensor1D, (logits) =>
      softmaxCrossEntropy(logits, labels as tf.Tensor1D, labelSmoothing),
    );
  });
  const mixed = traced((images, labels, stepsDone, targets) => {
    setTrainingStep(model, stepsDone as tf.Scalar);
    return lossAndGradients(model, parameters, images!, labels as tf.Tensor1D, (logits) =>
      softCrossEntropy(logits, targets as tf.Tensor2D),
    );
  });
  return {
    take(batch, learningRate, step) {
      checkBatch('train', batch, model.inputs[0]!.shape, classes);
      return tf.tidy(() => {
        const images = tf.tensor4d(batch.images, [...batch.shape]);
        const labels = tf.tensor1d(batch.labels, 'int32');
        const stepsDone = tf.scalar(step - 1, 'int32');
        try {
          const inputs = [images, labels, stepsDone];
          const [loss, correct, ...moves] = batch.mixed
            ? mixed.call([...inputs, softTargets(batch, batch.mixed, classes, labelSmoothing)])
            : plain.call(inputs);
          optimizer.apply(moves, learningRate, step);
          applyConstraints(parameters);
          return tf.reshape(tf.stack([loss!, correct!]), [1, 2]);
        } finally {
          // When somebody else calls them, the tensor will be gone.
          setTrainingStep(model, step);
        }
      });
    },
    dispose() {
      plain.dispose();
      mixed.dispose();
    },
  };
}

/** The loss, how many images were classified rightly, and one gradient per parameter, in order. */
function lossAndGradients(
  model: tfl.LayersModel,
  parameters: readonly Parameter[],
  images: tf.Tensor,
  labels: tf.Tensor1D,
  crossEntropy: (logits: tf.Tensor2D) => tf.Scalar,
): tf.Tensor[] {
  let correct: tf.Tensor | undefined;
  const loss = () => {
    const logits = logitsOf(model, images, true);
    correct = tf.keep(tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'float32')));
    return regularizationLosses(model).reduce<tf.Scalar>(
      (sum, penalty) => tf.add(sum, penalty),
      crossEntropy(logits),
    );
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

function applyConstraints(parameters: readonly Parameter[]): void {
  for (const { variable, constraint } of parameters) {
    if (constraint) variable.assign(tf.tidy(() => constraint.apply(variable)));
  }
}
