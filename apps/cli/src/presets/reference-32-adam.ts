import type { Preset } from './preset';

export const reference32Adam: Preset = {
  name: 'reference-32-adam',
  description:
    'The reference experiment on the 32×32 images as they are: Adam, batch 128, 100 epochs. The learning rate, ' +
    "which the reference does not state, is Adam's default 0.001. The middle flow has weights of its own in each " +
    'of its 8 blocks, as in the paper; the reference shared one block: --set model.middleFlow=shared.',
  config: {
    name: 'reference-32-adam',
    batchSize: 128,
    epochs: 100,
    optimizer: { name: 'adam' },
    schedule: { name: 'constant', learningRate: 1e-3 },
  },
};
