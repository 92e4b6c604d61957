// The one run that every engine in every runtime does: a narrow Xception, 24 steps. Knows no runtime.
import { batchSource, CIFAR10_MEAN, CIFAR10_STD, split } from '@xcp/cifar10';
import { xception } from '@xcp/xception';

/** A configuration of `xcp train`, over the preset quickstart. */
export const experiment = {
  name: 'runtimes',
  epochs: 3,
  batchSize: 8,
  seed: 2,
  data: { size: 8, validationShare: 0.2, flip: 'random', crop: null },
  model: {
    stem: { filters: [4, 4], strides: [1, 2], padding: 'same' },
    entryFilters: [8],
    middleBlocks: 1,
    middleConvs: 1,
    exitFilters: [8, 8],
    exitStride: 1,
    finalFilters: [8],
    preActivation: true,
    batchNormMomentum: 0.9,
    kernelInitializer: 'heNormal',
    dropout: 0.2,
  },
  optimizer: { name: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 5e-4, weightDecayExclude: [] },
  // No cosine: a runtime may have its own.
  schedule: { name: 'oneCycle', initialLearningRate: 0.01, maxLearningRate: 0.1, finalLearningRate: 0 },
  labelSmoothing: 0.1,
  checkpoints: { everySteps: 2 },
  logging: { everySteps: 1 },
};

export const STEPS = 24;
/** Steps whose losses are compared across engines. */
export const COMPARED_STEPS = 20;
/** Where the run is stopped on the way: at once, and by a request to end. */
export const KILL_AT = 7;
export const END_AT = 13;

const { data, model, batchSize, seed, epochs, optimizer, schedule, labelSmoothing } = experiment;

/** The same run as the command line makes of `experiment`, for where there is no command line. */
export function pieces(cifar10) {
  const { train: indices, validation } = split(cifar10.train, { share: data.validationShare, seed });
  const images = { mean: CIFAR10_MEAN, std: CIFAR10_STD, size: data.size, reuse: true, batchSize };
  return {
    model: xception({ ...model, inputShape: [data.size, data.size, 3], classes: 10, seed }),
    trainData: batchSource(cifar10.train, { ...images, indices, seed, shuffle: true, flip: data.flip }),
    validationData: batchSource(cifar10.train, { ...images, indices: validation }),
    config: {
      ...{ epochs, optimizer, schedule, labelSmoothing, seed },
      checkpointEverySteps: experiment.checkpoints.everySteps,
      logEverySteps: experiment.logging.everySteps,
    },
  };
}
