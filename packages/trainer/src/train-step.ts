import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { type Batch, checkBatch } from './batch';
import { gradientFunction } from './gradients/batch-gradients';
import { type Clipping, noClipping } from './gradients/clip';
import { cleanUpAfterFailure } from './memory/clean-up';
import { isOutOfMemory, StepOutOfMemory } from './memory/out-of-memory';
import { movingStatistics } from './memory/statistics';
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
   * @throws if the batch does not fit the model, or a trainable weight gets no gradient; `StepOutOfMemory`, with model
   *   and optimizer as they were, if the engine has no memory for so many images at a time.
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
  const statistics = movingStatistics(model);
  const gradients = gradientFunction(model, parameters, labelSmoothing, clipping);
  return {
    take(batch, learningRate, step, microBatchSize = batch.labels.length) {
      checkBatch('train', batch, model.inputs[0]!.shape, classes, { mayBeResized: true });
      let before: tf.Tensor1D | null = null;
      let moved = false;
      try {
        before = statistics.save();
        return tf.tidy(() => {
          const moves = gradients.of(batch, step - 1, microBatchSize);
          moved = true;
          optimizer.apply(moves.gradients, learningRate, step);
          applyConstraints(parameters);
          return tf.reshape(tf.stack(moves.figures), [1, moves.figures.length]);
        });
      } catch (error) {
        // Weights that have moved in part cannot be put back.
        if (moved || !isOutOfMemory(error)) throw error;
        // What is traced of batches of this size is of no more use.
        gradients.dispose();
        cleanUpAfterFailure();
        statistics.restore(before);
        throw new StepOutOfMemory(error);
      } finally {
        before?.dispose();
        // When somebody else calls them, the tensor will be gone.
        setTrainingStep(model, step);
      }
    },
    dispose() {
      gradients.dispose();
      statistics.dispose();
    },
  };
}

export function applyConstraints(parameters: readonly Parameter[]): void {
  for (const { variable, constraint } of parameters) {
    if (constraint) variable.assign(tf.tidy(() => constraint.apply(variable)));
  }
}
