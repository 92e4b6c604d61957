import { type BatchSource, batchSource, type Cifar10, split } from '@xcp/cifar10';
import type { RunConfig } from '../config/run-config';

/** The three sets of a run, in batches: training images shuffled and varied, the others as they are. */
export interface DataSources {
  train: BatchSource;
  /** `undefined` where `data.validationShare` is 0. */
  validation: BatchSource | undefined;
  test: BatchSource;
}

/** Splits and batches CIFAR-10 as a run's configuration says. */
export function dataSources(cifar10: Cifar10, config: RunConfig): DataSources {
  const { data, batchSize, seed, evaluation } = config;
  const indices = split(cifar10.train, { share: data.validationShare, seed });
  const { mean, std } = data.normalize;
  // The trainer is done with a batch when it asks for the next one.
  const images = { mean, std, size: data.size, reuse: true };
  const plain = { ...images, batchSize: evaluation.batchSize ?? batchSize };
  const varied = {
    ...(data.flip !== 'none' && { flip: data.flip }),
    ...(data.crop && { crop: data.crop }),
  };
  return {
    train: batchSource(cifar10.train, {
      ...images,
      ...varied,
      indices: indices.train,
      batchSize,
      seed,
      shuffle: true,
    }),
    validation:
      indices.validation.length > 0
        ? batchSource(cifar10.train, { ...plain, indices: indices.validation })
        : undefined,
    test: batchSource(cifar10.test, plain),
  };
}
