import { type Batch, epochOrder } from '../batches/batch-maker';
import { countBatches, type ResolvedBatchOptions } from '../batches/batch-options';
import { sizeAt } from '../batches/progressive';
import type { WorkerPool } from './worker-pool';

/** The batches in their order, while up to `prefetch` of those that follow are made. */
export async function* batchesAhead(
  pool: Pick<WorkerPool, 'make'>,
  options: ResolvedBatchOptions,
  prefetch: number,
  epoch: number,
  startBatch: number,
): AsyncGenerator<Batch, void, undefined> {
  const { batchSize, reuse } = options;
  const order = epochOrder(options, epoch);
  const end = countBatches(options);
  const ahead: Promise<Batch>[] = [];
  const spare: ArrayBuffer[] = [];
  let next = startBatch;

  const ask = () => {
    const size = sizeAt(options, epoch * end + next);
    const indices = order.slice(next * batchSize, ++next * batchSize);
    const asked = pool.make(indices, epoch, size, spare.pop());
    // Whoever leaves early does not wait for it: then nobody is there to hear that it failed.
    asked.catch(() => {});
    ahead.push(asked);
  };
  while (next < end && ahead.length < prefetch) ask();
  while (ahead.length > 0) {
    const batch = await ahead.shift()!;
    if (next < end) ask();
    yield batch;
    if (reuse) spare.push(batch.images.buffer as ArrayBuffer);
  }
}
