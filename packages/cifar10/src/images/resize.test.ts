import { describe, expect, it } from 'vitest';
import fixture from './fixtures/resize.json';
import { bilinearResize } from './resize';

/** The images of `fixtures/resize.py`. */
function imageOf(length: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return (state % 256) / 255;
  });
}

function resized(height: number, width: number, channels: number, size: number): Float32Array {
  const out = new Float32Array(size * size * channels);
  bilinearResize(height, width, channels, size)(imageOf(height * width * channels), out, 0);
  return out;
}

describe.each([
  ['PyTorch', fixture.torch],
  ['TensorFlow', fixture.tensorflow],
])('bilinearResize, beside %s', (_, { whole, sampled }) => {
  it.each(Object.entries(whole))('resizes 4×6 to %s as it does', (size, expected) => {
    const values = resized(4, 6, 3, Number(size));
    expect(values.length).toBe(expected.length);
    expected.forEach((value, i) => {
      expect(values[i]).toBeCloseTo(value, 6);
    });
  });

  it.each(Object.entries(sampled))('resizes 32×32 to %s as it does', (size, expected) => {
    const values = resized(32, 32, 3, Number(size));
    expected.values.forEach((value, i) => {
      expect(Math.abs(values[997 * i]! - value)).toBeLessThan(2e-6);
    });
    const weighted = values.reduce((sum, value, i) => sum + (value * (i + 1)) / values.length, 0);
    expect(Math.abs(weighted / expected.weighted - 1)).toBeLessThan(1e-7);
  });
});

describe('bilinearResize', () => {
  it('treats each channel by itself, however many there are', () => {
    const [one, three] = [resized(5, 7, 1, 9), new Float32Array(9 * 9 * 3)];
    const image = imageOf(5 * 7);
    const grey = Float32Array.from({ length: 5 * 7 * 3 }, (_, i) => image[Math.floor(i / 3)]!);
    bilinearResize(5, 7, 3, 9)(grey, three, 0);
    expect(three).toEqual(Float32Array.from(three, (_, i) => one[Math.floor(i / 3)]!));
  });

  it('writes nothing but its own image', () => {
    const out = new Float32Array(4 * 4 * 3 + 4).fill(-1);
    bilinearResize(2, 2, 3, 4)(imageOf(12), out, 2);
    expect([...out.subarray(0, 2), ...out.subarray(-2)]).toEqual([-1, -1, -1, -1]);
    expect(out.subarray(2, -2).every((value) => value >= 0)).toBe(true);
  });

  it('leaves an image of the same size as it is', () => {
    for (const channels of [1, 3]) expect(resized(4, 4, channels, 4)).toEqual(imageOf(16 * channels));
  });
});
