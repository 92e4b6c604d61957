import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ticks } from '../src/view/ticks';

it.each([
  [0, 1, [0, 0.5, 1]],
  [0, 2.4, [0, 1, 2, 3]],
  [0, 37, [0, 10, 20, 30, 40]],
  [0, 0.1, [0, 0.05, 0.1]],
  [3e-323, 3e-323, [0, 5e-301]],
])('from %d to %d', (low, high, expected) => {
  expect(ticks(low, high)).toEqual(expected);
});

it('are few, round, and cover what is drawn', () => {
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(value, value, (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      fc.pre(high === low || high - low > 1e-6);
      const marks = ticks(low, high);
      const slack = 1e-6 * (marks[1]! - marks[0]!);
      expect(marks[0]).toBeLessThanOrEqual(low + slack);
      expect(marks.at(-1)).toBeGreaterThanOrEqual(high - slack);
      expect(marks.length).toBeGreaterThan(1);
      expect(marks.length).toBeLessThan(8);
    }),
  );
});
