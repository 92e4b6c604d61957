import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CIFAR10_FILES, CIFAR10_MEAN, CIFAR10_STD, channelStatistics, type LabeledImages } from './index';
import { defaultCacheDir, loadCifar10 } from './node';

function makeSet(length: number, height: number, width: number, channels: number): LabeledImages {
  const images = new Uint8Array(length * height * width * channels).map((_, i) => (i * 97 + (i >> 3)) % 256);
  return { images, labels: new Uint8Array(length), length, height, width, channels };
}

describe('channelStatistics', () => {
  it.each([1, 3])('agrees with naive sums over %i channels', (channels) => {
    const set = makeSet(5, 4, 3, channels);
    const indices = [4, 1, 1];
    const { mean, std } = channelStatistics(set, indices);
    for (let channel = 0; channel < channels; channel++) {
      const values = indices.flatMap((index) =>
        [...set.images.slice(index * 12 * channels, (index + 1) * 12 * channels)]
          .filter((_, i) => i % channels === channel)
          .map((byte) => byte / 255),
      );
      const average = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
      expect(mean[channel]).toBeCloseTo(average, 12);
      expect(std[channel]).toBeCloseTo(Math.sqrt(variance), 12);
    }
  });

  it('takes the whole set where no indices are given', () => {
    const set = makeSet(5, 4, 3, 3);
    expect(channelStatistics(set)).toEqual(channelStatistics(set, [0, 1, 2, 3, 4]));
  });

  it('finds no deviation in one colour', () => {
    const set = { ...makeSet(2, 2, 2, 3), images: new Uint8Array(24).fill(77) };
    expect(channelStatistics(set)).toEqual({ mean: [77 / 255, 77 / 255, 77 / 255], std: [0, 0, 0] });
  });

  it.each([
    [[], 'there must be an image at least, received none'],
    [[0, 2], '`indices[1]` must be an integer from 0 to 1, received 2'],
  ])('rejects indices %j', (indices, message) => {
    expect(() => channelStatistics(makeSet(2, 1, 1, 1), indices)).toThrow(message);
  });
});

const isCached = CIFAR10_FILES.every(({ name }) => existsSync(join(defaultCacheDir(), name)));
if (!isCached) console.warn('skipped: statistics of CIFAR-10: it is not in the cache');

describe.skipIf(!isCached)('the statistics of CIFAR-10', () => {
  it('are the published ones, to five digits', async () => {
    const { train, test } = await loadCifar10();
    const five = (values: readonly number[]) => values.map((value) => Number(value.toFixed(5)));
    const { mean, std } = channelStatistics(train);
    expect(five(mean)).toEqual([0.4914, 0.48216, 0.44653]);
    expect(five(std)).toEqual([0.24703, 0.24349, 0.26159]);
    expect(five(channelStatistics(test).mean)).toEqual([0.49421, 0.48513, 0.45041]);
    // The constants of the package are these, to four.
    mean.forEach((value, channel) => {
      expect(Math.abs(value - CIFAR10_MEAN[channel]!)).toBeLessThan(1e-4);
      expect(Math.abs(std[channel]! - CIFAR10_STD[channel]!)).toBeLessThan(1e-4);
    });
    for (const { labels, length } of [train, test]) {
      const perClass = new Array(10).fill(0);
      for (const label of labels) perClass[label]++;
      expect(perClass).toEqual(new Array(10).fill(length / 10));
    }
  });
});
