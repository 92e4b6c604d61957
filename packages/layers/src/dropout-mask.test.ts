import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { dropoutMask } from './dropout-mask';
import { expectNoLeak } from './test-tools';

beforeAll(() => tf.setBackend('cpu'));

const valuesOf = (mask: tf.Tensor) => Array.from(mask.dataSync());
const maskOf = (step: number | tf.Tensor, call: number, seed = 1, rate = 0.5) =>
  valuesOf(tf.tidy(() => dropoutMask([4, 6], rate, { seed, step, call })));

it('has the bits that the kernel of the engine xcp has (packages/backend/src/kernels/dropout.test.ts)', () => {
  expect(maskOf(7, 1).map(Math.sign).join('')).toBe('100001010101111111100100');
});

it('takes the step as a tensor too', () => {
  expect(maskOf(tf.scalar(7, 'int32'), 1)).toEqual(maskOf(7, 1));
});

it('is another for each seed, step and call', () => {
  const masks = [maskOf(7, 1), maskOf(7, 1, 2), maskOf(8, 1), maskOf(7, 2), maskOf(1, 7), maskOf(0, 0)];
  expect(new Set(masks.map(String)).size).toBe(masks.length);
});

it.each([0.1, 0.5, 0.9])('drops a part of %d in the mean over steps, examples and calls', (rate) => {
  let dropped = 0;
  for (let step = 0; step < 50; step++) {
    for (let call = 0; call < 8; call++) {
      dropped += maskOf(step, call, 3, rate).filter((value) => value === 0).length;
    }
  }
  const n = 50 * 8 * 24;
  // Within four standard deviations.
  expect(Math.abs(dropped / n - rate)).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / n));
});

it('holds on to no tensor', () => {
  expectNoLeak(() => dropoutMask([3], 0.5, { seed: 1, step: 0, call: 0 }).dispose());
});
