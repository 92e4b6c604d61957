import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { type Batch, checkBatch } from './batch';
import { gradientFunction } from './gradients/batch-gradients';
import { type Clipping, noClipping } from './gradients/clip';
import { classesOf, setTrainingStep } from './model';
import type { Optimizer } from './optimizers/optimizer';
import type { Parameter } from './optimizers/parameters';

/** Takes training steps: forward, loss, gradients, update. */
export interface TrainStep {
  /**
   * One step; `step` is its number in the run, from 1. Gradients are computed for `microBatchSize` images at a time,
   * by default for all at once.
   *
   * Returns a float32 tensor `[loss, correct]`, `[1, 2]`, that the caller disposes: the mean loss of the batch with
   * the model's regularization losses, as it is optimized, and how many images were classified rightly (by their own
   * label, where they are mixed). Where gradients are clipped it is `[loss, correct, norm]`, `[1, 3]`, with their norm before.
   *
   * @throws if the batch does not fit the model, or a trainable weight gets no gradient.
   */
  take(batch: Batch, learningRate: number, step: number, microBatchSize?: number): tf.Tensor2D;
  dispose(): void;
}

export function trainStep(
  model: tfl.LayersModel,
  parameters: readonly Parameter[],
  optimizer: Optimizer,
  labelSmoothing: number,
  clipping: Clipping = noClipping,
): TrainStep {
  const classes = classesOf(model);
  const gradients = gradientFunction(model, parameters, labelSmoothing, clipping);
  return {
    take(batch, learningRate, step, microBatchSize = batch.labels.length) {
      checkBatch('train', batch, model.inputs[0]!.shape, classes);
      return tf.tidy(() => {
        try {
          const moves = gradients.of(batch, step - 1, microBatchSize);
          optimizer.apply(moves.gradients, learningRate, step);
          applyConstraints(parameters);
          return tf.reshape(tf.stack(moves.figures), [1, moves.figures.length]);
        } finally {
          // When somebody else calls them, the tensor will be gone.
          setTrainingStep(model, step);
        }
      });
    },
    dispose: () => gradients.dispose(),
  };
}

function applyConstraints(parameters: readonly Parameter[]): void {
  for (const { variable, constraint } of parameters) {
    if (constraint) variable.assign(tf.tidy(() => constraint.apply(variable)));
  }
}
