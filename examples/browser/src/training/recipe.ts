import { type BatchSource, batchSource, split } from '@xcp/cifar10';
import type { TrainConfig } from '@xcp/trainer';
import { DATA_FACTS, type DataKind, type DataSet } from '../data/data-set';
import type { Settings } from '../settings';

/** Small batches, so that the curves move, and the highest learning rate that goes with them. */
const PACE: Record<DataKind, { batchSize: number; maxLearningRate: number }> = {
  cifar10: { batchSize: 64, maxLearningRate: 0.1 },
  textures: { batchSize: 32, maxLearningRate: 0.05 },
};
const POINTS = 300;
/** Images that tell the stem what to whiten. */
const SAMPLED = 500;

export interface Sources {
  train: BatchSource;
  validation: BatchSource;
  test: BatchSource;
  /** Some of the training images as they are, in one batch. */
  sample: BatchSource;
}

/** The sets in batches: training images shuffled and varied, the others as they are. */
export function sources(set: DataSet, { data }: Settings): Sources {
  const { mean, std, validation } = DATA_FACTS[data];
  const indices = split(set.train, { count: validation, seed: 0 });
  const plain = { mean, std, batchSize: PACE[data].batchSize, reuse: true };
  // A texture that is mirrored may be another one.
  const varied =
    data === 'cifar10' ? ({ flip: 'alternating', crop: { padding: 2, mode: 'reflect' } } as const) : {};
  return {
    train: batchSource(set.train, { ...plain, ...varied, indices: indices.train, shuffle: true }),
    validation: batchSource(set.train, { ...plain, indices: indices.validation }),
    test: batchSource(set.test, plain),
    sample: batchSource(set.train, {
      ...plain,
      indices: indices.train.subarray(0, SAMPLED),
      batchSize: SAMPLED,
    }),
  };
}

/** The recipe of `npm start`, with learning rates for a smaller batch. */
export function recipe({ data, epochs }: Settings, { train }: Sources): TrainConfig {
  const { maxLearningRate } = PACE[data];
  return {
    epochs,
    optimizer: {
      name: 'muon',
      momentum: 0.6,
      newtonSchulzSteps: 3,
      weightDecay: 0.02,
      weightDecayExclude: ['depthwise_kernel'],
      groups: [{ match: ['predictions/kernel'], weightDecay: 5e-4 }],
    },
    schedule: {
      name: 'oneCycle',
      initialLearningRate: maxLearningRate / 10,
      maxLearningRate,
      finalLearningRate: 0,
      warmup: 0.1,
    },
    labelSmoothing: 0.1,
    logEverySteps: Math.max(1, Math.floor((epochs * train.stepsPerEpoch) / POINTS)),
    // A tab may be closed at any time.
    checkpointEveryMinutes: 0.25,
  };
}
