import type { Batch } from '../batches/batch-maker';
import type { ResolvedBatchOptions } from '../batches/batch-options';
import type { LabeledImages } from '../labeled-images';

/** What a worker is started with: the images lie in memory that all threads share. */
export interface WorkerTask {
  readonly set: LabeledImages;
  readonly options: ResolvedBatchOptions;
}

/** What a worker is asked for. */
export interface Job {
  readonly id: number;
  readonly indices: Uint32Array;
  readonly epoch: number;
  /** Side of the images, `undefined` for as they are. */
  readonly size: number | undefined;
  /** Where the images go; comes back with them. */
  readonly memory: ArrayBuffer | undefined;
}

/** What a worker says: that it is there, then one answer for each job. */
export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'made'; readonly id: number; readonly batch: Batch }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
