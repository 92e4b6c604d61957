import { type ImageWriter, imageWriter } from '../images/image-writer';
import type { LabeledImages } from '../labeled-images';
import { permutation, STREAM } from '../random';
import type { ResolvedBatchOptions } from './batch-options';
import { type ImageRange, imagesOf } from './share';

/** A batch as plain data: normalized NHWC images, their labels, and their indices in the set. */
export interface Batch {
  readonly images: Float32Array;
  /** `[n, height, width, channels]`. */
  readonly shape: [number, number, number, number];
  readonly labels: Int32Array;
  readonly indices: Uint32Array;
  /** Set where `progressive` gives them another size than the rest of the run has. */
  readonly resized?: true;
  /** With `mixup` or `cutmix`: what is in the images besides. `softTargets` makes targets of it. */
  readonly mixed?: MixedLabels;
  /** Set where `share` leaves the other images to other processes: what lies in their places means nothing. */
  readonly made?: ImageRange;
}

/** The loss of image i is `shares[i]` · loss(`labels[i]`) + (1 − `shares[i]`) · loss(`mixed.labels[i]`). */
export interface MixedLabels {
  /** The label of the other image in each image. */
  readonly labels: Int32Array;
  /** The share of each image's own label, 0 to 1. */
  readonly shares: Float32Array;
}

/**
 * Makes the batch of these images in this epoch, `size` pixels wide and high (`undefined` for as they are); its images
 * go into `memory`, if that is given and they find room there.
 */
export type MakeBatch = (
  indices: Uint32Array,
  epoch: number,
  size: number | undefined,
  memory?: ArrayBuffer,
) => Batch;

/** A maker with its tables and its scratch memory: one serves all batches of a thread. */
export function batchMaker(set: LabeledImages, options: ResolvedBatchOptions): MakeBatch {
  const writers = new Map<number | undefined, ImageWriter>();
  const writerOf = (size: number | undefined) => {
    const writer = writers.get(size) ?? imageWriter(set, { ...options, size });
    writers.set(size, writer);
    return writer;
  };
  const { share } = options;
  const { mixup, cutmix } = options.augmentation;
  return (indices, epoch, size, memory) => {
    const { height, width, write } = writerOf(size);
    const length = height * width * set.channels;
    const count = indices.length;
    const fits = memory && memory.byteLength >= Float32Array.BYTES_PER_ELEMENT * count * length;
    const images = fits ? new Float32Array(memory, 0, count * length) : new Float32Array(count * length);
    const labels = new Int32Array(count);
    const mixed = (mixup || cutmix) && { labels: new Int32Array(count), shares: new Float32Array(count) };
    const made = imagesOf(share, count);
    for (let n = 0; n < count; n++) {
      const index = indices[n]!;
      labels[n] = set.labels[index]!;
      if (n < made.begin || n >= made.end) continue;
      const mix = write(index, epoch, images, n * length);
      if (mixed && mix) {
        mixed.labels[n] = set.labels[mix.partner]!;
        mixed.shares[n] = mix.share;
      }
    }
    const resized = height !== (options.size ?? set.height) || width !== (options.size ?? set.width);
    const batch = {
      images,
      shape: [count, height, width, set.channels],
      labels,
      indices,
      ...(resized && { resized }),
      ...(share.size > 1 && { made }),
    } satisfies Batch;
    return mixed ? { ...batch, mixed } : batch;
  };
}

/** The images of an epoch in their order; a batch is a piece of it. */
export function epochOrder(options: ResolvedBatchOptions, epoch: number): Uint32Array {
  const { indices, shuffle, seed } = options;
  if (!shuffle) return indices;
  return permutation(indices.length, seed, STREAM.order, epoch).map((position) => indices[position]!);
}
