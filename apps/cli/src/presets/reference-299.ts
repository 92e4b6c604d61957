import type { Preset } from './preset';

export const reference299: Preset = {
  name: 'reference-299',
  description:
    "The reference experiment at Xception's own input size: SGD with the paper's schedule, batch 8 (more did not " +
    "fit its GPU). The momentum, which the reference does not state, is the paper's 0.9. The middle flow has " +
    'weights of its own in each of its 8 blocks, as in the paper; the reference shared one block: ' +
    '--set model.middleFlow=shared.',
  config: {
    name: 'reference-299',
    data: { size: 299 },
    batchSize: 8,
    epochs: 20,
    optimizer: { name: 'sgd', momentum: 0.9 },
    schedule: { name: 'stepDecay', learningRate: 0.045, factor: 0.94, every: { epochs: 2 } },
  },
};
