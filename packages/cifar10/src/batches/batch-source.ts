import { checkKeys } from '../check';
import type { LabeledImages } from '../labeled-images';
import { batchMaker } from './batch-maker';
import {
  type BatchSourceOptions,
  countBatches,
  countImages,
  resolveBatchOptions,
  SOURCE_KEYS,
} from './batch-options';
import { type Batches, epochBatches } from './batches';
import { workOf } from './progressive';

/** What a training loop pulls from. */
export interface BatchSource {
  /** Images in one epoch, without those that `dropLast` leaves out. */
  readonly size: number;
  /** Batches in one epoch. */
  readonly stepsPerEpoch: number;
  /** The batches of `epoch` (from 0) from `startStep` on: a pure function of its arguments and the source's seed. */
  batches(epoch: number, startStep: number): Batches;
  /** With `progressive`: how much work the first `steps` steps of a run are, in no unit, for what is left of its time. */
  workBefore?(steps: number): number;
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
  const makeBatch = batchMaker(set, resolved);
  return {
    size: countImages(resolved),
    stepsPerEpoch: countBatches(resolved),
    batches: (epoch, startStep) => epochBatches('batchSource', resolved, makeBatch, epoch, startStep),
    ...workOf(set, resolved),
  };
}
