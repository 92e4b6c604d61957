import { batchSource } from '@xcp/cifar10';
import { xception } from '@xcp/xception';
import { tinyCifar10 } from '../src/testing/tiny-cifar10';

/** A narrow network with dropout, so that what depends on the step would be seen. */
export const smallModel = () =>
  xception({
    inputShape: [16, 16, 3],
    classes: 10,
    entryFilters: [16, 24],
    middleBlocks: 1,
    exitFilters: [24, 32],
    finalFilters: [32],
    dropout: 0.2,
    seed: 3,
  });

export const smallData = batchSource(tinyCifar10.train, {
  batchSize: 10,
  size: 16,
  seed: 1,
  shuffle: true,
  flip: 'random',
});
