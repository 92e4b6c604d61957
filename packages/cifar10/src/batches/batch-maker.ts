import { imageWriter } from '../images/image-writer';
import type { LabeledImages } from '../labeled-images';
import { permutation, STREAM } from '../random';
import type { ResolvedBatchOptions } from './batch-options';

/** A batch as plain data: normalized NHWC images, their labels, and their indices in the set. */
export interface Batch {
  readonly images: Float32Array;
  /** `[n, height, width, channels]`. */
  readonly shape: [number, number, number, number];
  readonly labels: Int32Array;
  readonly indices: Uint32Array;
}

/** Makes the batch of these images in this epoch; its images go into `memory`, if that is given. */
export type MakeBatch = (indices: Uint32Array, epoch: number, memory?: ArrayBuffer) => Batch;

/** A maker with its tables and its scratch memory: one serves all batches of a thread. */
export function batchMaker(set: LabeledImages, options: ResolvedBatchOptions): MakeBatch {
  const { height, width, write } = imageWriter(set, options);
  const length = height * width * set.channels;
  return (indices, epoch, memory) => {
    const count = indices.length;
    const images = memory ? new Float32Array(memory, 0, count * length) : new Float32Array(count * length);
    const labels = new Int32Array(count);
    for (let n = 0; n < count; n++) {
      const index = indices[n]!;
      write(index, epoch, images, n * length);
      labels[n] = set.labels[index]!;
    }
    return { images, shape: [count, height, width, set.channels], labels, indices };
  };
}

/** The images of an epoch in their order; a batch is a piece of it. */
export function epochOrder(options: ResolvedBatchOptions, epoch: number): Uint32Array {
  const { indices, shuffle, seed } = options;
  if (!shuffle) return indices;
  return permutation(indices.length, seed, STREAM.order, epoch).map((position) => indices[position]!);
}
