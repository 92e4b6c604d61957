import { type BatchSourceOptions, countBatches, resolveBatchOptions, SOURCE_KEYS } from './batch-options';
import { type Batch, batches } from './batches';
import { checkKeys } from './check';
import type { LabeledImages } from './labeled-images';

/** What a training loop pulls from. */
export interface BatchSource {
  /** Images in one epoch, without those that `dropLast` leaves out. */
  readonly size: number;
  /** Batches in one epoch. */
  readonly stepsPerEpoch: number;
  /** The batches of `epoch` (from 0) from `startStep` on: a pure function of its arguments and the source's seed. */
  batches(epoch: number, startStep: number): Iterable<Batch>;
}

/**
 * A set and its options as a source of batches for any epoch and step.
 *
 * Throws if an option is unknown or out of range; `batches` throws if `epoch` or `startStep` is.
 *
 * @example
 * const { train, validation } = split(cifar10.train, { share: 0.1, seed: 0 });
 * const trainData = batchSource(cifar10.train, { indices: train, batchSize: 128, shuffle: true, flip: 'alternating' });
 * const validationData = batchSource(cifar10.train, { indices: validation });
 */
export function batchSource(set: LabeledImages, options: BatchSourceOptions = {}): BatchSource {
  checkKeys('batchSource', options, SOURCE_KEYS);
  const resolved = resolveBatchOptions('batchSource', set, options);
  const stepsPerEpoch = countBatches(resolved);
  const size = Math.min(resolved.indices.length, stepsPerEpoch * resolved.batchSize);
  // The checked copy of the indices is kept, so that a caller's later change to them changes no epoch.
  const kept = { ...options, indices: resolved.indices };
  return {
    size,
    stepsPerEpoch,
    batches: (epoch, startStep) => batches(set, { ...kept, epoch, startBatch: startStep }),
  };
}
