import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { below, permutation, randomWords, STREAM, threefry2x32 } from './random';

describe('threefry2x32', () => {
  // The known answers that come with the authors' own implementation (Random123, kat_vectors).
  it.each([
    [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
    [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
  ])('gives the known answer for key %i %i and counter %i %i', (key0, key1, counter0, counter1, x0, x1) => {
    expect(threefry2x32(key0, key1, counter0, counter1)).toEqual([x0, x1]);
  });
});

describe('randomWords', () => {
  it('changes with seed (also beyond 32 bits), stream, epoch and index', () => {
    const inputs: [number, number, number, number][] = [
      [0, STREAM.flip, 0, 0],
      [1, STREAM.flip, 0, 0],
      [2 ** 32, STREAM.flip, 0, 0],
      [2 ** 53 - 1, STREAM.flip, 0, 0],
      [0, STREAM.crop, 0, 0],
      [0, STREAM.flip, 1, 0],
      [0, STREAM.flip, 0, 1],
    ];
    expect(new Set(inputs.map((input) => randomWords(...input).join())).size).toBe(inputs.length);
  });
});

describe('below', () => {
  it('stays below its bound, even for the largest word', () => {
    for (const bound of [1, 3, 9, 50_000, 2 ** 32]) expect(below(bound, 0xffffffff)).toBe(bound - 1);
  });

  it('gives every place of a crop about as often as the others', () => {
    const counts = new Array(9).fill(0);
    for (let i = 0; i < 9000; i++) counts[below(9, randomWords(0, STREAM.crop, 0, i)[0])]++;
    // 6 standard deviations of a binomial count of mean 1,000.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(180);
  });
});

describe('permutation', () => {
  it('holds every index once', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.maxSafeNat(), fc.nat(1000), (length, seed, epoch) => {
        const order = permutation(length, seed, STREAM.order, epoch);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i));
      }),
    );
  });

  // Computed with another implementation, in Python's exact integers.
  it('is the same on every machine and in every release', () => {
    expect([...permutation(8, 42, STREAM.order, 3)]).toEqual([3, 4, 2, 6, 7, 0, 5, 1]);
    expect(permutation(8, 42, STREAM.order, 4)).not.toEqual(permutation(8, 42, STREAM.order, 3));
  });
});
