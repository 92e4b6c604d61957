import type { Batch } from '../batch';
import { sliceBatch } from '../gradients/micro-batches';
import type { Collective } from './collective';

/** Images of a rank in a batch of `n`: from `begin` up to `end`. Shares differ by one image at most. */
export function shareOf(n: number, { rank, size }: Pick<Collective, 'rank' | 'size'>) {
  return { begin: Math.floor((n * rank) / size), end: Math.floor((n * (rank + 1)) / size) };
}

/** The images of a batch that are this rank's, as views of it; there may be none. */
export function shareBatch(batch: Batch, collective: Pick<Collective, 'rank' | 'size'>): Batch {
  if (collective.size === 1) return batch;
  const { begin, end } = batch.made ?? shareOf(batch.labels.length, collective);
  return sliceBatch(batch, begin, end);
}
