import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kFold } from '../index';

const set = { labels: Uint8Array.from({ length: 23 }, (_, i) => (i * i) % 4) };

describe('kFold', () => {
  it('gives disjoint folds that are complete, and equal in size and in every class to within one image', () => {
    const anyLabels = fc.uint8Array({ minLength: 2, maxLength: 120, max: 5 });
    fc.assert(
      fc.property(anyLabels, fc.nat(), fc.maxSafeNat(), fc.boolean(), (labels, wanted, seed, stratify) => {
        const folds = 2 + (wanted % (labels.length - 1));
        const splits = kFold({ labels }, { folds, seed, stratify });
        expect(splits.length).toBe(folds);
        const all = [...labels.keys()];
        expect(splits.flatMap(({ validation }) => [...validation]).sort((a, b) => a - b)).toEqual(all);
        for (const { train, validation } of splits) {
          expect([...train, ...validation].sort((a, b) => a - b)).toEqual(all);
          expect([...train].sort((a, b) => a - b)).toEqual([...train]);
        }
        const spread = (counts: number[]) => Math.max(...counts) - Math.min(...counts);
        expect(spread(splits.map(({ validation }) => validation.length))).toBeLessThanOrEqual(1);
        for (const label of stratify ? new Set(labels) : []) {
          const counts = splits.map(({ validation }) => validation.filter((i) => labels[i] === label).length);
          expect(spread(counts)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('changes with the seed, and is the same every time', () => {
    expect(kFold(set, { folds: 4, seed: 1 })).toEqual(kFold(set, { folds: 4, seed: 1 }));
    expect(kFold(set, { folds: 4, seed: 1 })).not.toEqual(kFold(set, { folds: 4, seed: 2 }));
  });

  it.each([
    [{ folds: 1, seed: 0 }, 'kFold: `folds` must be an integer from 2 to 23, received 1'],
    [{ folds: 24, seed: 0 }, 'received 24'],
    [{ folds: 2, seed: -1 }, '`seed` must be an integer of at least 0, received -1'],
    [{ folds: 2, seed: 0, stratify: 1 as never }, '`stratify` must be true or false, received 1'],
    [{ fold: 2, seed: 0 } as never, 'unknown option `fold`; did you mean `folds`?'],
  ])('rejects %j', (options, message) => {
    expect(() => kFold(set, options)).toThrow(message);
  });
});
