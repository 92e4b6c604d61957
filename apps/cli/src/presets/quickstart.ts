import type { Preset } from './preset';

export const quickstart = {
  name: 'quickstart',
  description:
    'A slim Xception for 32×32 images (0.25 M parameters), as good as five minutes on two cores make it: what `npm start` trains. docs/results.md tells what was tried on the way.',
  config: {
    name: 'quickstart',
    data: {
      // Small images at first: half the side is a quarter of the work, and coarse shapes are learned from them as well.
      progressive: [
        { until: 0.35, size: 16 },
        { until: 0.7, size: 24 },
      ],
      // A coin per image that turns every epoch shows each image both ways in any two epochs.
      flip: 'alternating',
      crop: { padding: 2, mode: 'reflect' },
    },
    batchSize: 128,
    model: {
      // Whitened patches of 4×4 pixels, which need no training: maps at full resolution would be bound by memory.
      stem: { filters: [64, 48], strides: [2, 1], padding: 'same', kernelSizes: [4, 1], whiten: true },
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
    epochs: 16,
    optimizer: {
      name: 'muon',
      momentum: 0.6,
      newtonSchulzSteps: 3,
      weightDecay: 0.02,
      // A depthwise kernel has nine weights per channel: decay only starves it.
      weightDecayExclude: ['depthwise_kernel'],
      groups: [{ match: ['predictions/kernel'], weightDecay: 5e-4 }],
    },
    schedule: {
      name: 'oneCycle',
      initialLearningRate: 0.015,
      maxLearningRate: 0.15,
      finalLearningRate: 0,
      warmup: 0.1,
    },
    labelSmoothing: 0.1,
    evaluation: { mirror: true, shift: 1 },
    logging: { everySteps: 50 },
  },
} satisfies Preset;
