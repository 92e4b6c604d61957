// Written by scripts/ship-cifar10.mjs.
import type { Cifar10Card } from './cifar10';

export const CARD: Cifar10Card = {
  network: {
    stem: {
      filters: [64, 48],
      strides: [2, 1],
      padding: 'same',
      kernelSizes: [4, 1],
      whiten: true,
      bias: false,
    },
    entryFilters: [64, 128],
    middleBlocks: 2,
    middleConvs: 2,
    middleFlow: 'distinct',
    exitFilters: [128, 192],
    exitStride: 1,
    finalFilters: [256],
    preActivation: true,
    batchNormMomentum: 0.9,
    inputShape: [32, 32, 3],
    classes: 10,
  },
  classes: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  size: 32,
  normalize: {
    mean: [0.4914, 0.4822, 0.4465],
    std: [0.247, 0.2435, 0.2616],
  },
};
