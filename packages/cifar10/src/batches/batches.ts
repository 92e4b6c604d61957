import { checkKeys } from '../check';
import type { LabeledImages } from '../labeled-images';
import { type Batch, batchMaker, epochOrder, type MakeBatch } from './batch-maker';
import {
  type BatchOptions,
  checkPlace,
  countBatches,
  type ResolvedBatchOptions,
  resolveBatchOptions,
  SOURCE_KEYS,
} from './batch-options';
import { sizeAt } from './progressive';

/** Batches for `for … of` and for `for await … of`, as often as one likes. */
export type Batches = Iterable<Batch> & AsyncIterable<Batch>;

/**
 * The batches of one epoch, from `startBatch` on, with images normalized to (pixel / 255 − mean) / std.
 *
 * Order and augmentation are functions of (seed, epoch, image index) alone: whichever batch of whichever epoch is
 * asked for first, it is what an uninterrupted run would have given. Every batch has arrays of its own, unless `reuse` is set.
 *
 * Throws, before the first batch, if an option is unknown or out of range.
 *
 * @example
 * for (const { images, shape, labels } of batches(cifar10.train, { batchSize: 128, shuffle: true, seed: 0, epoch: 3 })) {
 *   const x = tf.tensor4d(images, shape);
 * }
 */
export function batches(set: LabeledImages, options: BatchOptions = {}): Batches {
  checkKeys('batches', options, [...SOURCE_KEYS, 'epoch', 'startBatch']);
  const { epoch = 0, startBatch = 0, ...rest } = options;
  const resolved = resolveBatchOptions('batches', set, rest);
  return epochBatches('batches', resolved, batchMaker(set, resolved), epoch, startBatch);
}

/** The batches of an epoch by a maker that is there; throws if `epoch` or `startBatch` is out of range. */
export function epochBatches(
  subject: string,
  options: ResolvedBatchOptions,
  makeBatch: MakeBatch,
  epoch: number,
  startBatch: number,
): Batches {
  checkPlace(subject, options, epoch, startBatch);
  const generate = function* (): Generator<Batch, void, undefined> {
    const order = epochOrder(options, epoch);
    const end = countBatches(options);
    const { batchSize, reuse } = options;
    let memory: ArrayBuffer | undefined;
    for (let batch = startBatch; batch < end; batch++) {
      const size = sizeAt(options, epoch * end + batch);
      const made = makeBatch(order.slice(batch * batchSize, (batch + 1) * batchSize), epoch, size, memory);
      // The same again, unless it was too small.
      if (reuse) memory = made.images.buffer as ArrayBuffer;
      yield made;
    }
  };
  return {
    [Symbol.iterator]: generate,
    async *[Symbol.asyncIterator]() {
      yield* generate();
    },
  };
}
