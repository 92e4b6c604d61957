import type { Preset } from './preset';

export const reference128: Preset = {
  name: 'reference-128',
  description:
    'The reference experiment on images resized to 128×128: batch 64 (128 did not fit its GPU), 100 epochs. The ' +
    'reference does not state the optimizer here: Adam at 0.001 is our choice, as in its runs at 32×32. The middle ' +
    'flow has weights of its own in each of its 8 blocks, as in the paper; the reference shared one block: ' +
    '--set model.middleFlow=shared.',
  config: {
    name: 'reference-128',
    data: { size: 128 },
    batchSize: 64,
    epochs: 100,
    // Our choice: the reference states neither the optimizer nor the learning rate of this experiment.
    optimizer: { name: 'adam' },
    schedule: { name: 'constant', learningRate: 1e-3 },
  },
};
