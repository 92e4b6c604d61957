import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { split } from '../index';

const labelsOf = (counts: number[]) =>
  ({ labels: Uint8Array.from(counts.flatMap((count, label) => new Array(count).fill(label))) }) as const;
const perClass = (labels: Uint8Array, indices: Uint32Array) => {
  const counts = new Array(10).fill(0);
  for (const index of indices) counts[labels[index]!]++;
  return counts;
};

describe('split', () => {
  it('is disjoint, complete and in order', () => {
    const anyLabels = fc.uint8Array({ minLength: 1, maxLength: 200, max: 9 });
    fc.assert(
      fc.property(
        anyLabels,
        fc.maxSafeNat(),
        fc.boolean(),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (...args) => {
          const [labels, seed, stratify, share] = args;
          const { train, validation } = split({ labels }, { share, seed, stratify });
          expect(validation.length).toBe(Math.min(Math.round(share * labels.length), labels.length - 1));
          expect([...train, ...validation].sort((a, b) => a - b)).toEqual([...labels.keys()]);
          for (const part of [train, validation]) expect([...part].sort((a, b) => a - b)).toEqual([...part]);
        },
      ),
    );
  });

  it('holds the same share of every class out, to within one image', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(40), { minLength: 2, maxLength: 10 }),
        fc.nat(),
        fc.nat(),
        (counts, seed, wanted) => {
          const set = labelsOf(counts);
          fc.pre(set.labels.length > 0);
          const count = wanted % set.labels.length;
          const held = perClass(set.labels, split(set, { count, seed }).validation);
          counts.forEach((size, label) => {
            expect(Math.abs(held[label] - (count * size) / set.labels.length)).toBeLessThan(1);
          });
        },
      ),
    );
  });

  it('holds 500 images of each class out of 50,000 by default', () => {
    const set = labelsOf(new Array(10).fill(5000));
    const { train, validation } = split(set, { seed: 7 });
    expect(perClass(set.labels, validation)).toEqual(new Array(10).fill(500));
    expect(train.length).toBe(45_000);
  });

  // Computed with another implementation, in Python's exact integers.
  it('changes with the seed, and is the same on every machine and in every release', () => {
    const set = labelsOf([6, 6, 6]);
    expect([...split(set, { count: 6, seed: 1 }).validation]).toEqual([2, 5, 6, 9, 13, 16]);
    expect([...split(set, { count: 6, seed: 2 }).validation]).toEqual([4, 5, 8, 9, 14, 16]);
    expect([...split(set, { count: 6, seed: 1, stratify: false }).validation]).toEqual([
      1, 4, 10, 12, 14, 16,
    ]);
  });

  it.each([
    [{ seed: -1 }, '`seed` must be an integer of at least 0, received -1'],
    [{ seed: 0, share: 1 }, '`share` must be at least 0 and below 1, received 1'],
    [{ seed: 0, share: Number.NaN }, 'received NaN'],
    [{ seed: 0, count: 18 }, '`count` must be an integer from 0 to 17, received 18'],
    [{ seed: 0, count: 1, share: 0.1 }, 'either `share` or `count`, received both'],
    [{ seed: 0, stratify: 'no' as never }, '`stratify` must be true or false, received no'],
    [{ seed: 0, stratified: true } as never, 'unknown option `stratified`; did you mean `stratify`?'],
  ])('rejects %j', (options, message) => {
    expect(() => split(labelsOf([6, 6, 6]), options)).toThrow(message);
  });

  it('rejects an empty set', () => {
    expect(() => split(labelsOf([]), { seed: 0 })).toThrow('at least one image');
  });
});
