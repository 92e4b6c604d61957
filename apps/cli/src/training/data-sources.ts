import { type AugmentOptions, batchSource, type Cifar10, type Share, split } from '@xcp/cifar10';
import { workerBatchSource } from '@xcp/cifar10/node';
import type { Batch, BatchSource } from '@xcp/trainer';
import type { RunConfig } from '../config/run-config';
import { progressiveSteps } from './progressive';

/** The three sets of a run, in batches: training images shuffled and varied, the others as they are. */
export interface DataSources {
  train: BatchSource;
  /** `undefined` where `data.validationShare` is 0. */
  validation: BatchSource | undefined;
  test: BatchSource;
  /** Some of the training images, drawn by the seed, as they are: one batch. */
  sample(): Iterable<Batch>;
  /** Ends the threads that prepare batches, if there are any. */
  close(): Promise<void>;
}

export interface DataSourceOptions {
  /** Threads that prepare the training batches ahead. Default 0: none. */
  workers?: number;
  onWarning?: (message: string) => void;
  /** Test images that are left out. Default none. */
  leftOut?: ReadonlySet<number>;
  /** The rank whose share of each training batch is made. Default: all of it. */
  share?: Share;
}

/** Images that tell the covariance of patches: a patch of each place of them is more than a million. */
const SAMPLED = 2000;

/** Splits and batches CIFAR-10 as a run's configuration says. */
export function dataSources(
  cifar10: Cifar10,
  config: RunConfig,
  { workers = 0, onWarning = () => {}, leftOut = new Set(), share }: DataSourceOptions = {},
): DataSources {
  const { data, batchSize, microBatchSize, seed, evaluation } = config;
  const indices = split(cifar10.train, { share: data.validationShare, seed });
  const { mean, std } = data.normalize;
  // The trainer is done with a batch when it asks for the next one.
  const images = { mean, std, size: data.size, reuse: true };
  const plain = {
    ...images,
    batchSize: evaluation.batchSize ?? Math.min(batchSize, microBatchSize ?? batchSize),
  };
  const varied = {
    ...images,
    ...augmentation(data),
    indices: indices.train,
    batchSize,
    seed,
    shuffle: true,
    progressive: progressiveSteps(config, indices.train.length),
    ...(share && { share: { rank: share.rank, size: share.size } }),
  };
  const ahead = workers > 0 ? workerBatchSource(cifar10.train, { ...varied, workers, onWarning }) : undefined;
  return {
    train: ahead ?? batchSource(cifar10.train, varied),
    validation:
      indices.validation.length > 0
        ? batchSource(cifar10.train, { ...plain, indices: indices.validation })
        : undefined,
    test: batchSource(cifar10.test, {
      ...plain,
      indices: [...cifar10.test.labels.keys()].filter((index) => !leftOut.has(index)),
    }),
    *sample() {
      const shuffled = {
        mean,
        std,
        size: data.size,
        indices: indices.train,
        batchSize: SAMPLED,
        seed,
        shuffle: true,
      };
      for (const batch of batchSource(cifar10.train, shuffled).batches(0, 0)) {
        yield batch;
        return;
      }
    },
    close: async () => ahead?.close(),
  };
}

/** What varies, without what does not. */
function augmentation({ flip, ...data }: RunConfig['data']): AugmentOptions {
  const { crop, translate, randAugment, colorJitter, cutout, cutmix, mixup } = data;
  const stated = { crop, translate, randAugment, colorJitter, cutout, cutmix, mixup };
  const given = Object.entries(stated).filter(([, section]) => section !== null);
  return { ...(flip !== 'none' && { flip }), ...Object.fromEntries(given) };
}
