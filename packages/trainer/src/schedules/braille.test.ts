import { expect, it } from 'vitest';
import { brailleCurve } from './braille';

it('draws from the lowest to the highest value, two dots a column and four a row', () => {
  expect(brailleCurve([0, 1, 2, 3], { columns: 2, rows: 1 })).toEqual(['⣠⠞']);
  expect(brailleCurve([1, 0], { columns: 1, rows: 2 })).toEqual(['⢹', '⢸']);
});

it('draws a value that does not change in the middle', () => {
  expect(brailleCurve([5], { columns: 3, rows: 1 })).toEqual(['⠤⠤⠤']);
});

it('refuses what cannot be drawn', () => {
  const size = { columns: 2, rows: 1 };
  expect(() => brailleCurve([], size)).toThrow('brailleCurve: `values.length` must be');
  expect(() => brailleCurve([1, Number.NaN], size)).toThrow('brailleCurve: `values.1` must be');
  expect(() => brailleCurve([1], { ...size, columns: 0 })).toThrow('brailleCurve: `columns` must be');
  expect(() => brailleCurve([1], { ...size, rows: 0.5 })).toThrow('brailleCurve: `rows` must be');
});
