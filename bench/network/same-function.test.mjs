import { describe, expect, it } from 'vitest';
import { difference } from './same-function.mjs';

const expected = { parameters: 10, logits: [1, -2], losses: [2.3, 2.2] };

describe('difference', () => {
  it('passes rounding', () => {
    expect(difference(expected, { ...expected, logits: [1.0001, -2] })).toBeUndefined();
  });

  it('tells another number of parameters', () => {
    expect(difference(expected, { ...expected, parameters: 9 })).toBe('9 parameters instead of 10');
  });

  it('tells other logits, and logits that are not numbers', () => {
    expect(difference(expected, { ...expected, logits: [1.1, -2] })).toBe(
      'logits differ by 0.050 of the largest',
    );
    expect(difference(expected, { ...expected, logits: [Number.NaN, -2] })).toMatch(/^logits differ/);
  });

  it('compares losses where both trained', () => {
    expect(difference(expected, { ...expected, losses: undefined })).toBeUndefined();
    expect(difference(expected, { ...expected, losses: [2.3, 2.0] })).toMatch(/^losses differ/);
  });
});
