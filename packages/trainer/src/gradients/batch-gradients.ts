import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { softmaxCrossEntropy } from '@xcp/layers';
import type { Batch } from '../batch';
import { classesOf, setTrainingStep } from '../model';
import type { Parameter } from '../optimizers/parameters';
import { softCrossEntropy, softTargets } from '../soft-targets';
import { traced, untraced } from '../traced';
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

/** Images that are a part of a larger batch. */
export interface PartOfBatch {
  /** Images of the whole batch: loss and gradients are this part's share of its means. */
  total: number;
  /** Multiplies them: 0 where the images only stand in for an empty part. Default 1. */
  weight?: number;
  /** What layers with random numbers are told for micro-batch `i` of this part. */
  drawNumber(i: number): number;
}

export interface GradientFunction {
  /** Gradients of a batch after so many steps, computed for so many images at a time and summed. */
  of(batch: Batch, stepsDone: number, microBatchSize: number, part?: PartOfBatch): BatchGradients;
  dispose(): void;
}

/** The gradients of the mean loss over a batch, whole or by micro-batches, clipped when they are complete. */
export function gradientFunction(
  model: tfl.LayersModel,
  parameters: readonly Parameter[],
  labelSmoothing: number,
  clipping: Clipping,
  { trace = true }: { trace?: boolean } = {},
): GradientFunction {
  const watched = trace ? traced : untraced;
  const classes = classesOf(model);
  const isClipped = clips(clipping);
  const clipped = ([loss, correct, ...gradients]: tf.Tensor[]) => {
    const { norm, gradients: bounded } = clip(gradients, clipping);
    return [loss!, correct!, norm, ...bounded];
  };
  const clippedSum = watched((...sum) => clipped(sum));
  // What is traced must do the same in every step, but for its inputs: so layers get the step as one of them.
  const plain = watched((images, labels, draws, share) => {
    setTrainingStep(model, draws as tf.Scalar);
    const crossEntropy = (logits: tf.Tensor2D) =>
      softmaxCrossEntropy(logits, labels as tf.Tensor1D, labelSmoothing);
    return gradientsOf(images!, labels!, crossEntropy, share);
  });
  const mixed = watched((images, labels, draws, targets, share) => {
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

  function sumOf(batch: Batch, size: number, { total, weight = 1, drawNumber }: PartOfBatch): tf.Tensor[] {
    let sum: tf.Tensor[] | undefined;
    let i = 0;
    for (const piece of microBatches(batch, size)) {
      const part = partOf(piece, drawNumber(i++), (weight * piece.labels.length) / total);
      sum = sum ? addInto(sum, part) : part;
    }
    return sum!;
  }

  return {
    of(batch, stepsDone, microBatchSize, part) {
      const results = tf.tidy(() => {
        const total = batch.labels.length;
        if (!part && total <= microBatchSize) return partOf(batch, stepsDone);
        const whole = { total, drawNumber: (i: number) => drawNumber(stepsDone, i) };
        const sum = sumOf(batch, microBatchSize, part ?? whole);
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
