import { describe, expect, it } from 'vitest';
import { CIFAR10_MEAN, CIFAR10_STD } from '../constants';
import { encodeRecords } from '../encode-records';
import type { LabeledImages } from '../labeled-images';
import { CIFAR10_FILES } from '../manifest';
import { hash } from './fake-data-set';
import { loadCifar10 } from './load-cifar10';

const MINUTES = 60_000;

/** Mean and standard deviation per channel, with pixels in 0…1, from exact sums of the bytes. */
function statisticsOf({ images }: LabeledImages) {
  const sums = [0, 0, 0];
  const squares = [0, 0, 0];
  images.forEach((byte, i) => {
    sums[i % 3]! += byte;
    squares[i % 3]! += byte * byte;
  });
  const count = images.length / 3;
  const mean = sums.map((sum) => sum / count);
  const std = squares.map((sum, c) => Math.sqrt(sum / count - mean[c]! ** 2));
  return { mean: mean.map((value) => value / 255), std: std.map((value) => value / 255) };
}

const perClass = ({ labels }: LabeledImages) => {
  const counts = new Array(10).fill(0);
  for (const label of labels) counts[label]++;
  return counts;
};

const rounded = (values: readonly number[], digits: number) => values.map((value) => value.toFixed(digits));

describe('loadCifar10', () => {
  it('loads the real data set, byte for byte', { timeout: 5 * MINUTES }, async ({ skip }) => {
    const loading = loadCifar10({ signal: AbortSignal.timeout(4.5 * MINUTES) });
    const cifar10 = await loading.catch((error: Error) => {
      console.warn(`skipped: the real CIFAR-10 cannot be had here: ${error.message.replaceAll('\n', ' ')}`);
      return skip();
    });
    const { train, test, classNames } = cifar10;

    expect([train.length, test.length, classNames[0], classNames[9]]).toEqual([
      50_000,
      10_000,
      'airplane',
      'truck',
    ]);
    expect(perClass(train)).toEqual(new Array(10).fill(5000));
    expect(perClass(test)).toEqual(new Array(10).fill(1000));

    const trainStatistics = statisticsOf(train);
    expect(rounded(trainStatistics.mean, 5)).toEqual(['0.49140', '0.48216', '0.44653']);
    expect(rounded(trainStatistics.std, 5)).toEqual(['0.24703', '0.24349', '0.26159']);
    expect(rounded(statisticsOf(test).mean, 5)).toEqual(['0.49421', '0.48513', '0.45041']);
    expect(rounded(trainStatistics.mean, 4)).toEqual(rounded(CIFAR10_MEAN, 4));
    expect(rounded(trainStatistics.std, 4)).toEqual(rounded(CIFAR10_STD, 4));

    const records = { train: encodeRecords(train), test: encodeRecords(test) };
    const starts = { train: 0, test: 0 };
    for (const { size, split, sha256 } of CIFAR10_FILES) {
      const start = starts[split];
      starts[split] += size;
      expect(hash('sha256', records[split].subarray(start, start + size))).toBe(sha256);
    }
  });

  it('rejects options that it does not know, and a signal that has fired', async () => {
    await expect(loadCifar10({ cachedir: '.' } as never)).rejects.toThrow('did you mean `cacheDir`?');
    await expect(loadCifar10({ stallTimeout: 0 })).rejects.toThrow(
      '`stallTimeout` must be an integer from 1',
    );
    await expect(loadCifar10({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(/^enough$/);
  });
});
