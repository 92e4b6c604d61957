import type { Preset } from './preset';

export const quickstart: Preset = {
  name: 'quickstart',
  description:
    'A slim Xception for 32×32 images (0.25 M parameters) with a short one-cycle recipe: what `npm start` trains.',
  config: {
    name: 'quickstart',
    data: {
      // A coin per image that turns every epoch shows each image both ways in any two epochs.
      flip: 'alternating',
      crop: { padding: 2, mode: 'reflect' },
    },
    batchSize: 128,
    model: {
      // Dense convolutions at full resolution: a separable entry block at 32×32 is bound by memory, not by sums.
      stem: { filters: [16, 32], strides: [1, 2], padding: 'same' },
      entryFilters: [64, 128],
      middleBlocks: 2,
      middleConvs: 2,
      exitFilters: [128, 192],
      exitStride: 1,
      finalFilters: [256],
      preActivation: true,
      // Keras's 0.99 looks further back than a short run lasts.
      batchNormMomentum: 0.9,
      kernelInitializer: 'heNormal',
    },
    epochs: 5,
    optimizer: {
      name: 'sgd',
      momentum: 0.9,
      nesterov: true,
      weightDecay: 5e-4,
      // A depthwise kernel has nine weights per channel: decay only starves it.
      weightDecayExclude: ['depthwise_kernel'],
    },
    schedule: {
      name: 'oneCycle',
      initialLearningRate: 0.1,
      maxLearningRate: 1,
      finalLearningRate: 0,
      warmup: 0.25,
    },
    labelSmoothing: 0.1,
    evaluation: { mirror: true },
    logging: { everySteps: 50 },
  },
};
