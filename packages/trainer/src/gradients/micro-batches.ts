import type { Batch } from '../batch';

/** A batch cut into pieces of `size` images, the last one smaller where it does not come out even. No value is copied. */
export function* microBatches(batch: Batch, size: number): Generator<Batch> {
  const [n, height, width, channels] = batch.shape;
  const pixels = height * width * channels;
  for (let begin = 0; begin < n; begin += size) {
    const end = Math.min(n, begin + size);
    const { mixed } = batch;
    yield {
      images: batch.images.subarray(begin * pixels, end * pixels),
      shape: [end - begin, height, width, channels],
      labels: batch.labels.subarray(begin, end),
      ...(mixed && {
        mixed: { labels: mixed.labels.subarray(begin, end), shares: mixed.shares.subarray(begin, end) },
      }),
    };
  }
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
