import { expect, it } from 'vitest';
import { fitImage } from './fit-image';

/** Grey, from one number a pixel. */
const grey = (width: number, height: number, values: number[]) => ({
  width,
  height,
  data: Uint8Array.from(values.flatMap((value) => [value, value, value])),
});
const values = ({ data }: { data: Uint8Array }) => [...data].filter((_, i) => i % 3 === 0);

it('leaves a square of the size as it is, and takes the middle of what is longer', () => {
  expect(values(fitImage(grey(2, 2, [1, 2, 3, 4]), 2))).toEqual([1, 2, 3, 4]);
  expect(values(fitImage(grey(4, 2, [9, 1, 2, 9, 9, 3, 4, 9]), 2))).toEqual([1, 2, 3, 4]);
  expect(values(fitImage(grey(2, 4, [9, 9, 1, 2, 3, 4, 9, 9]), 2))).toEqual([1, 2, 3, 4]);
});

it('takes the mean of what falls on one pixel', () => {
  expect(values(fitImage(grey(2, 2, [0, 100, 100, 200]), 1))).toEqual([100]);
});

it.each([
  [grey(2, 2, [1, 2, 3, 4]), 0, '`size` must be a whole number of pixels, received 0'],
  [{ ...grey(2, 2, [1, 2, 3, 4]), width: 3 }, 2, '3 bytes for each of its 3×2 pixels, received 12'],
  [grey(0, 0, []), 2, 'its 0×0 pixels'],
])('rejects what cannot be', (image, size, message) => {
  expect(() => fitImage(image, size)).toThrow(`fitImage: `);
  expect(() => fitImage(image, size)).toThrow(message);
});
