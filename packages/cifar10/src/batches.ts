import { cropShift, isFlipped, mapAxis } from './augment';
import {
  type BatchOptions,
  countBatches,
  type ResolvedBatchOptions,
  resolveBatchOptions,
  SOURCE_KEYS,
} from './batch-options';
import { checkKeys } from './check';
import type { LabeledImages } from './labeled-images';
import { normalizer } from './normalize';
import { permutation, STREAM } from './random';
import { bilinearResize } from './resize';

/** A batch as plain data: normalized NHWC images, their labels, and their indices in the set. */
export interface Batch {
  readonly images: Float32Array;
  /** `[n, height, width, channels]`. */
  readonly shape: [number, number, number, number];
  readonly labels: Int32Array;
  readonly indices: Uint32Array;
}

/**
 * The batches of one epoch, from `startBatch` on, with images normalized to (pixel / 255 − mean) / std.
 *
 * Order and augmentation are functions of (seed, epoch, image index) alone: whichever batch of whichever epoch is
 * asked for first, it is what an uninterrupted run would have given. Every batch has arrays of its own.
 *
 * Throws, before the first batch, if an option is unknown or out of range.
 *
 * @example
 * for (const { images, shape, labels } of batches(cifar10.train, { batchSize: 128, shuffle: true, seed: 0, epoch: 3 })) {
 *   const x = tf.tensor4d(images, shape);
 * }
 */
export function batches(set: LabeledImages, options: BatchOptions = {}): Iterable<Batch> {
  checkKeys('batches', options, [...SOURCE_KEYS, 'epoch', 'startBatch']);
  const resolved = resolveBatchOptions('batches', set, options);
  return { [Symbol.iterator]: () => generate(set, resolved) };
}

function* generate(set: LabeledImages, options: ResolvedBatchOptions): Generator<Batch, void, undefined> {
  const { batchSize, startBatch } = options;
  const order = epochOrder(options);
  const makeBatch = batchMaker(set, options);
  const end = countBatches(options);
  for (let batch = startBatch; batch < end; batch++) {
    yield makeBatch(order.slice(batch * batchSize, (batch + 1) * batchSize));
  }
}

function epochOrder({ indices, shuffle, seed, epoch }: ResolvedBatchOptions): Uint32Array {
  if (!shuffle) return indices;
  return permutation(indices.length, seed, STREAM.order, epoch).map((position) => indices[position]!);
}

function batchMaker(set: LabeledImages, options: ResolvedBatchOptions): (indices: Uint32Array) => Batch {
  const { height, width, channels } = set;
  const { seed, epoch, flip, crop, size } = options;
  const write = normalizer(options.mean, options.std);
  const rows = new Int32Array(height);
  const columns = new Int32Array(width);
  const imageBytes = height * width * channels;
  const unresized = new Float32Array(imageBytes);
  const resize = size === undefined ? undefined : bilinearResize(height, width, channels, size);
  const [outHeight, outWidth] = size === undefined ? [height, width] : [size, size];
  const outLength = outHeight * outWidth * channels;

  return (indices) => {
    const images = new Float32Array(indices.length * outLength);
    indices.forEach((index, n) => {
      const [down, right] = cropShift(crop, seed, epoch, index);
      mapAxis(rows, down, crop?.mode, false);
      mapAxis(columns, right, crop?.mode, isFlipped(flip, seed, epoch, index));
      const start = index * imageBytes;
      if (resize) {
        write(set.images, start, rows, columns, unresized, 0);
        resize(unresized, images, n * outLength);
      } else {
        write(set.images, start, rows, columns, images, n * outLength);
      }
    });
    const labels = Int32Array.from(indices, (index) => set.labels[index]!);
    return { images, shape: [indices.length, outHeight, outWidth, channels], labels, indices };
  };
}
