/** The names of the ten classes, in the order of their labels (0 to 9). */
export const CIFAR10_CLASSES: readonly string[] = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];

/** Mean of the 50,000 training images per channel (red, green, blue), with pixels in 0…1. */
export const CIFAR10_MEAN: readonly number[] = [0.4914, 0.4822, 0.4465];

/**
 * Standard deviation over all pixels of the 50,000 training images per channel, with pixels in 0…1.
 *
 * The often copied (0.2023, 0.1994, 0.2010) is a mean of per-image deviations, which is another quantity.
 */
export const CIFAR10_STD: readonly number[] = [0.247, 0.2435, 0.2616];
