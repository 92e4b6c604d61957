import type { Batch } from '../batch';

/** A batch cut into pieces of `size` images, the last one smaller where it does not come out even. No value is copied. */
export function* microBatches(batch: Batch, size: number): Generator<Batch> {
  const n = batch.labels.length;
  for (let begin = 0; begin < n; begin += size) yield sliceBatch(batch, begin, Math.min(n, begin + size));
}

/** The images from `begin` up to `end` of a batch, as views of it. */
export function sliceBatch({ images, shape, labels, mixed }: Batch, begin: number, end: number): Batch {
  const [, height, width, channels] = shape;
  const pixels = height * width * channels;
  return {
    images: images.subarray(begin * pixels, end * pixels),
    shape: [end - begin, height, width, channels],
    labels: labels.subarray(begin, end),
    ...(mixed && {
      mixed: { labels: mixed.labels.subarray(begin, end), shares: mixed.shares.subarray(begin, end) },
    }),
  };
}

/** 2³¹ divided by the golden ratio: the multiples of it lie as far apart as they can, modulo 2³¹. */
const STRIDE = 1_327_217_885;

/**
 * What layers with random numbers are told in place of the number of steps done, so that the micro-batches of a step
 * draw others: the number itself for the first, and for the others numbers that no micro-batch of another step has
 * within 900,000 steps, up to 1,024 micro-batches a step.
 */
export function drawNumber(stepsDone: number, microBatch: number): number {
  return (stepsDone + microBatch * STRIDE) % 2 ** 31;
}
