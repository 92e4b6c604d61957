import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../batches/batch-maker';
import { softTargets } from '../batches/soft-targets';
import { checkInteger, checkKeys } from '../check';

/** A batch as tensors, which whoever takes them disposes of; the indices are plain numbers. */
export interface TensorBatch {
  /** Images, `[n, height, width, channels]`, float32. */
  readonly xs: tf.Tensor4D;
  /** `[n]`, int32 labels; with `classes` `[n, classes]`, float32. */
  readonly ys: tf.Tensor1D | tf.Tensor2D;
  /** Of the images in their set. */
  readonly indices: Uint32Array;
}

export interface TensorBatchesOptions {
  /**
   * Give labels as a row for each image, with 1 for its class, or its shares of both classes where images are mixed.
   * Default: as integers.
   */
  classes?: number;
}

/**
 * Batches as tensors, in the form that `tf.data` and `model.fitDataset` take. The tensors have memory of their own, so
 * that the batches may be made with `reuse`.
 *
 * Throws if `classes` is no positive integer, mixed batches are to be given integers as labels, or batches are a `share`.
 *
 * @example
 * for await (const { xs, ys } of tensorBatches(source.batches(0, 0), { classes: 10 })) {
 *   await model.trainOnBatch(xs, ys);
 *   tf.dispose([xs, ys]);
 * }
 */
export function tensorBatches(
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  options: TensorBatchesOptions = {},
): AsyncIterable<TensorBatch> {
  checkKeys('tensorBatches', options, ['classes']);
  const { classes } = options;
  if (classes !== undefined) checkInteger('tensorBatches', 'classes', classes, 1);
  return {
    async *[Symbol.asyncIterator]() {
      for await (const batch of batches) yield tensorBatch(batch, classes);
    },
  };
}

function tensorBatch(batch: Batch, classes: number | undefined): TensorBatch {
  const { images, shape, labels, indices, mixed, made } = batch;
  if (made)
    throw new Error('tensorBatches: batches must be whole, received those of a `share`; leave it out');
  if (classes === undefined && mixed) {
    throw new Error(
      'tensorBatches: `classes` must be given where images are mixed, received none; labels are then shares',
    );
  }
  const ys =
    classes === undefined
      ? tf.tensor1d(labels.slice(), 'int32')
      : tf.tensor2d(softTargets(batch, classes), [labels.length, classes]);
  return { xs: tf.tensor4d(images.slice(), shape), ys, indices };
}
