import { checkInteger } from './check';
import { checkLabeledImages, type LabeledImages } from './labeled-images';

/** Per channel, for pixels in 0…1: what batches are normalized by. */
export interface ChannelStatistics {
  readonly mean: number[];
  /** Over all pixels, divided by their number. */
  readonly std: number[];
}

/**
 * Mean and standard deviation of each channel over all pixels of a set, or of those of its images that `indices` names.
 * The sums are whole numbers, so that nothing is lost to rounding.
 *
 * Throws if there is no image, or an index is none of the set's.
 *
 * @example
 * const { train } = split(cifar10.train, { share: 0.1, seed: 0 });
 * const data = batchSource(cifar10.train, { indices: train, ...channelStatistics(cifar10.train, train) });
 */
export function channelStatistics(set: LabeledImages, indices?: ArrayLike<number>): ChannelStatistics {
  checkLabeledImages('channelStatistics', set);
  const { images, length, height, width, channels } = set;
  const count = indices ? indices.length : length;
  if (count === 0) {
    throw new Error(
      'channelStatistics: there must be an image at least, received none; give other `indices`',
    );
  }
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  const imageBytes = height * width * channels;
  for (let n = 0; n < count; n++) {
    const index = indices ? indices[n]! : n;
    checkInteger('channelStatistics', `indices[${n}]`, index, 0, length - 1);
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0;
      let square = 0;
      const end = (index + 1) * imageBytes;
      for (let i = index * imageBytes + channel; i < end; i += channels) {
        const value = images[i]!;
        sum += value;
        square += value * value;
      }
      sums[channel]! += sum;
      squares[channel]! += square;
    }
  }
  const pixels = count * height * width;
  const mean = Array.from(sums, (sum) => sum / pixels / 255);
  const std = Array.from(squares, (square, channel) => {
    const average = sums[channel]! / pixels;
    return Math.sqrt(Math.max(0, square / pixels - average * average)) / 255;
  });
  return { mean, std };
}
