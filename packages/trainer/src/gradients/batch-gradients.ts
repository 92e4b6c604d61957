import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { softmaxCrossEntropy } from '@xcp/layers';
import type { Batch } from '../batch';
import { classesOf, setTrainingStep } from '../model';
import type { Parameter } from '../optimizers/parameters';
import { softCrossEntropy, softTargets } from '../soft-targets';
import { traced } from '../traced';
import { type Clipping, clip, clips } from './clip';
import { lossAndGradients } from './loss-gradients';
import { drawNumber, microBatches } from './micro-batches';

/** What a batch asks of the weights. */
export interface BatchGradients {
  /** Scalars: the loss as it is optimized, the images classified rightly, and where gradients are clipped their norm before. */
  figures: tf.Tensor[];
  /** One per parameter, in order. */
  gradients: tf.Tensor[];
}

export interface GradientFunction {
  /** Gradients of a batch after so many steps, computed for so many images at a time and summed. */
  of(batch: Batch, stepsDone: number, microBatchSize: number): BatchGradients;
  dispose(): void;
}

/** The gradients of the mean loss over a batch, whole or by micro-batches, clipped when they are complete. */
export function gradientFunction(
  model: tfl.LayersModel,
  parameters: readonly Parameter[],
  labelSmoothing: number,
  clipping: Clipping,
): GradientFunction {
  const classes = classesOf(model);
  const isClipped = clips(clipping);
  const clipped = ([loss, correct, ...gradients]: tf.Tensor[]) => {
    const { norm, gradients: bounded } = clip(gradients, clipping);
    return [loss!, correct!, norm, ...bounded];
  };
  const clippedSum = traced((...sum) => clipped(sum));
  // What is traced must do the same in every step, but for its inputs: so layers get the step as one of them.
  const plain = traced((images, labels, draws, share) => {
    setTrainingStep(model, draws as tf.Scalar);
    const crossEntropy = (logits: tf.Tensor2D) =>
      softmaxCrossEntropy(logits, labels as tf.Tensor1D, labelSmoothing);
    return gradientsOf(images!, labels!, crossEntropy, share);
  });
  const mixed = traced((images, labels, draws, targets, share) => {
    setTrainingStep(model, draws as tf.Scalar);
    return gradientsOf(images!, labels!, (logits) => softCrossEntropy(logits, targets as tf.Tensor2D), share);
  });

  function gradientsOf(
    images: tf.Tensor,
    labels: tf.Tensor,
    crossEntropy: (logits: tf.Tensor2D) => tf.Scalar,
    share: tf.Tensor | undefined,
  ): tf.Tensor[] {
    const part = {
      images,
      labels: labels as tf.Tensor1D,
      crossEntropy,
      share: share as tf.Scalar | undefined,
    };
    const results = lossAndGradients(model, parameters, part);
    // A part waits for the others.
    return share || !isClipped ? results : clipped(results);
  }

  function partOf(batch: Batch, draws: number, share?: number): tf.Tensor[] {
    return tf.tidy(() => {
      const inputs: tf.Tensor[] = [
        tf.tensor4d(batch.images, [...batch.shape]),
        tf.tensor1d(batch.labels, 'int32'),
        tf.scalar(draws, 'int32'),
      ];
      if (batch.mixed) inputs.push(softTargets(batch, batch.mixed, classes, labelSmoothing));
      if (share !== undefined) inputs.push(tf.scalar(share));
      return (batch.mixed ? mixed : plain).call(inputs);
    });
  }

  function sumOf(batch: Batch, stepsDone: number, size: number): tf.Tensor[] {
    let sum: tf.Tensor[] | undefined;
    let i = 0;
    for (const piece of microBatches(batch, size)) {
      const part = partOf(piece, drawNumber(stepsDone, i++), piece.labels.length / batch.labels.length);
      sum = sum ? addInto(sum, part) : part;
    }
    return sum!;
  }

  return {
    of(batch, stepsDone, microBatchSize) {
      const results = tf.tidy(() => {
        if (batch.labels.length <= microBatchSize) return partOf(batch, stepsDone);
        const sum = sumOf(batch, stepsDone, microBatchSize);
        return isClipped ? clippedSum.call(sum) : sum;
      });
      const figures = isClipped ? 3 : 2;
      return { figures: results.slice(0, figures), gradients: results.slice(figures) };
    },
    dispose() {
      for (const trace of [plain, mixed, clippedSum]) trace.dispose();
    },
  };
}

/** The sums; both terms of each are freed as soon as it is there, so that no second set of gradients comes about. */
function addInto(sum: readonly tf.Tensor[], part: readonly tf.Tensor[]): tf.Tensor[] {
  return sum.map((earlier, i) => {
    const total = tf.add(earlier, part[i]!);
    earlier.dispose();
    part[i]!.dispose();
    return total;
  });
}
