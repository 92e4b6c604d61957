import { type Batch, batchMaker } from '../batches/batch-maker';
import {
  type BatchSourceOptions,
  checkPlace,
  countBatches,
  countImages,
  resolveBatchOptions,
  SOURCE_KEYS,
} from '../batches/batch-options';
import { epochBatches } from '../batches/batches';
import { workOf } from '../batches/progressive';
import { checkInteger, checkKeys } from '../check';
import type { LabeledImages } from '../labeled-images';
import { batchesAhead } from './batches-ahead';
import { sharedSet } from './shared-set';
import { startPool, type WorkerPool } from './worker-pool';

export interface WorkerBatchSourceOptions extends BatchSourceOptions {
  /** Threads that make batches. Default 1. */
  workers?: number;
  /** Batches that may be in the making or ready at a time, besides the one that was given last. Default 2 a worker. */
  prefetch?: number;
  /** Told in a line why the main thread makes the batches, where workers cannot be started. Default `console.warn`. */
  onWarning?: (message: string) => void;
}

/** A source whose batches are made ahead by other threads. */
export interface WorkerBatchSource {
  /** Images in one epoch, without those that `dropLast` leaves out. */
  readonly size: number;
  /** Batches in one epoch. */
  readonly stepsPerEpoch: number;
  /** The batches of `epoch` (from 0) from `startStep` on, the same to the bit as those of `batchSource`. */
  batches(epoch: number, startStep: number): AsyncIterable<Batch>;
  /** As that of `batchSource`. */
  workBefore?(steps: number): number;
  /** Ends the threads. Without it they end with the process, which they do not keep alive. */
  close(): Promise<void>;
}

/**
 * A set and its options as a source of batches that worker threads make ahead, in Node, Deno and Bun. They start with
 * the first batch that is pulled, and share the images with the main thread; a set that does not lie in shared memory,
 * as that of `loadCifar10` does, is copied there once.
 *
 * At most `prefetch` batches are held besides the one that was given last; with `reuse` its memory goes back to the
 * workers when the next one is pulled. Whoever leaves an epoch early leaves idle threads behind, that begin the next.
 *
 * Throws if an option is unknown or out of range. A worker that fails makes the pull throw, and all of them end.
 *
 * @example
 * const source = workerBatchSource(cifar10.train, { size: 299, shuffle: true, randAugment: {}, workers: 2 });
 * for await (const { images, labels } of source.batches(0, 0)) step(images, labels);
 * await source.close();
 */
export function workerBatchSource(
  set: LabeledImages,
  options: WorkerBatchSourceOptions = {},
): WorkerBatchSource {
  checkKeys('workerBatchSource', options, [...SOURCE_KEYS, 'workers', 'prefetch', 'onWarning']);
  const { workers = 1, prefetch = 2 * workers, onWarning = console.warn, ...rest } = options;
  checkInteger('workerBatchSource', 'workers', workers, 1, 256);
  checkInteger('workerBatchSource', 'prefetch', prefetch, 1);
  const resolved = resolveBatchOptions('workerBatchSource', set, rest);

  let starting: Promise<WorkerPool | undefined> | undefined;
  let isClosed = false;
  const start = async () => {
    try {
      return await startPool(workers, { set: sharedSet(set), options: resolved });
    } catch (error) {
      const reason = (error as Error).message;
      onWarning(
        `workerBatchSource: workers cannot be started (${reason}); the main thread makes the batches`,
      );
      return undefined;
    }
  };
  /** The pool, begun anew where it failed; nothing where none can be had. */
  const openPool = async () => {
    if (isClosed) throw new Error('workerBatchSource: the source is closed; make another one');
    if ((await starting)?.isClosed) starting = undefined;
    starting ??= start();
    return starting;
  };

  return {
    size: countImages(resolved),
    stepsPerEpoch: countBatches(resolved),
    batches(epoch, startStep) {
      checkPlace('workerBatchSource', resolved, epoch, startStep);
      return {
        async *[Symbol.asyncIterator]() {
          const pool = await openPool();
          if (pool) yield* batchesAhead(pool, resolved, prefetch, epoch, startStep);
          else
            yield* epochBatches('workerBatchSource', resolved, batchMaker(set, resolved), epoch, startStep);
        },
      };
    },
    ...workOf(set, resolved),
    async close() {
      isClosed = true;
      await (await starting)?.close();
    },
  };
}
