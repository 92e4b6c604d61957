import { describe, expect, it } from 'vitest';
import fixture from './fixtures/resize.json';
import { bilinearResize } from './resize';

const [height, width, channels] = fixture.shape as [number, number, number];
const image = Float32Array.from(fixture.image, (byte) => byte / 255);

describe('bilinearResize', () => {
  it.each(Object.entries(fixture.resized))('resizes 4×6 to %s as PyTorch does', (key, expected) => {
    const size = Number(key);
    const margin = 2;
    const out = new Float32Array(expected.length + 2 * margin).fill(-1);
    bilinearResize(height, width, channels, size)(image, out, margin);
    expected.forEach((value, i) => {
      expect(out[margin + i]).toBeCloseTo(value, 6);
    });
    expect([...out.subarray(0, margin), ...out.subarray(-margin)]).toEqual([-1, -1, -1, -1]);
  });

  it('leaves an image of the same size as it is', () => {
    const out = new Float32Array(16);
    const square = Float32Array.from({ length: 16 }, (_, i) => Math.sin(i));
    bilinearResize(4, 4, 1, 4)(square, out, 0);
    expect(out).toEqual(square);
  });
});
