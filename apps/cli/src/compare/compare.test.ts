import { describe, expect, it } from 'vitest';
import { configDifferences } from './config-differences';
import { sample, welch } from './seed-groups';

describe('configDifferences', () => {
  it('names the keys that are not the same everywhere', () => {
    const a = { epochs: 1, data: { size: 32, crop: null }, model: { entryFilters: [1, 2] } };
    const b = { epochs: 1, data: { size: 32, crop: { padding: 4 } }, model: { entryFilters: [1, 3] } };
    expect(configDifferences([a, b])).toEqual([
      { key: 'data.crop', values: [null, undefined] },
      {
        key: 'model.entryFilters',
        values: [
          [1, 2],
          [1, 3],
        ],
      },
      { key: 'data.crop.padding', values: [undefined, 4] },
    ]);
    expect(configDifferences([a, structuredClone(a)])).toEqual([]);
  });
});

describe('welch', () => {
  it('agrees with SciPy', () => {
    // scipy.stats.ttest_ind([0.80, 0.82, 0.81], [0.84, 0.86, 0.83, 0.85], equal_var=False), SciPy 1.17.1: pvalue, and half the
    // width of confidence_interval(0.95).
    const result = welch(sample([0.8, 0.82, 0.81]), sample([0.84, 0.86, 0.83, 0.85]))!;
    expect(result.difference).toBeCloseTo(0.035, 10);
    expect(result.p).toBeCloseTo(0.01007694, 7);
    expect(result.margin).toBeCloseTo(0.02231711, 7);
  });

  it('does not judge by a single seed, nor by seeds without spread', () => {
    expect(welch(sample([0.8]), sample([0.9, 0.91]))).toBeUndefined();
    expect(welch(sample([0.8, 0.8]), sample([0.9, 0.9]))).toBeUndefined();
  });
});
