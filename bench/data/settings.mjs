// What is measured: the side of the images in pixels, the worker threads or processes, how many images one epoch has,
// and how many epochs a round takes; the first of them is for warming up.
export const settings = [
  { name: '32', size: 32, workers: 0, images: 10_000, epochs: 4 },
  { name: '128', size: 128, workers: 0, images: 2_000, epochs: 3 },
  { name: '32-w2', size: 32, workers: 2, images: 10_000, epochs: 4 },
  { name: '128-w2', size: 128, workers: 2, images: 2_000, epochs: 3 },
];

/** As small as can be, for the test. */
export const tinySettings = [
  { name: 'tiny', size: 40, workers: 0, images: 300, epochs: 2 },
  { name: 'tiny-w1', size: 40, workers: 1, images: 300, epochs: 2 },
];

export const BATCH = 128;
