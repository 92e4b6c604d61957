import { xceptionVariants } from '@xcp/xception';

/** Networks and batches whose memory is described and measured. */
export const points = [
  { name: 'keras', size: 71, batch: 8, network: xceptionVariants.keras },
  { name: 'keras', size: 128, batch: 16, network: xceptionVariants.keras },
  { name: 'keras, checkpointed', size: 128, batch: 16, network: { checkpointBlocks: true } },
  { name: 'keras', size: 299, batch: 2, network: xceptionVariants.keras },
  { name: 'reference', size: 71, batch: 8, network: xceptionVariants.reference },
  { name: 'cifar', size: 32, batch: 32, network: xceptionVariants.cifar },
  { name: 'slim', size: 32, batch: 128, network: xceptionVariants.slim },
];

/** What the test measures in seconds. */
export const tinyPoints = [
  { name: 'tiny', size: 40, batch: 8, network: { width: 1 / 8, middleBlocks: 2 } },
  {
    name: 'tiny, cifar',
    size: 24,
    batch: 6,
    network: { ...xceptionVariants.cifar, width: 1 / 8, dropout: 0.5 },
  },
  {
    name: 'tiny, shared',
    size: 40,
    batch: 8,
    network: { ...xceptionVariants.reference, width: 1 / 8, middleBlocks: 3 },
  },
  {
    name: 'tiny, checkpointed',
    size: 40,
    batch: 32,
    network: { width: 1 / 8, checkpointBlocks: true },
  },
];
