import type { Preset } from './preset';

export const reference32Long: Preset = {
  name: 'reference-32-long',
  description:
    'The longer reference experiment on 32×32 images: Adam, batch 256, 200 epochs. The learning rate, which the ' +
    "reference does not state, is Adam's default 0.001. The middle flow has weights of its own in each of its 8 " +
    'blocks, as in the paper; the reference shared one block: --set model.middleFlow=shared.',
  config: {
    name: 'reference-32-long',
    batchSize: 256,
    epochs: 200,
    optimizer: { name: 'adam' },
    schedule: { name: 'constant', learningRate: 1e-3 },
  },
};
