import { availableParallelism } from 'node:os';

const both = ['train', 'infer'];
const cores = availableParallelism();

const series = (name, values, pointOf) => ({
  name,
  points: values.map((value) => ({ value, network: {}, kinds: both, threads: cores, ...pointOf(value) })),
});

/** Powers of two, and the number of processors. */
const threadCounts = [...new Set([1, 2, 4, 8, 16, 32, 64].filter((n) => n < cores).concat(cores))];

/** What grows in each sweep, and what stays: 32 px where the batch grows, a batch of 8 where the images do. */
export const sweeps = {
  batch: series('batch', [1, 2, 4, 8, 16, 32, 64, 128, 256], (batch) => ({ size: 32, batch })),
  size: series('size', [32, 48, 71, 96, 128, 160, 224, 299], (size) => ({ size, batch: 8 })),
  threads: series('threads', threadCounts, (threads) => ({ size: 71, batch: 8, threads })),
};

/** Small and few: for the test. */
export const tinySweeps = {
  batch: series('batch', [2, 4], (batch) => ({
    size: 16,
    batch,
    network: { width: 1 / 16, middleBlocks: 1 },
  })),
};
