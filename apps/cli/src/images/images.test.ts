import { readFileSync } from 'node:fs';
import { fitImage } from '@xcp/xception';
import { describe, expect, it } from 'vitest';
import { decodeImage } from './decode-image';

interface Fixture {
  decoded: Record<string, { file: string; rgb: number[] }>;
  resized: { file: string; rgb: Record<string, number[]> };
}

// Made by fixtures/make.py with Pillow.
const fixture = JSON.parse(readFileSync(new URL('fixtures/images.json', import.meta.url), 'utf8')) as Fixture;
const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

/** The largest difference of two pictures, in 1/255. */
const apart = (a: ArrayLike<number>, b: readonly number[]) => {
  expect(a.length).toBe(b.length);
  return Math.max(...b.map((value, i) => Math.abs(value - a[i]!)));
};

describe('decodeImage', () => {
  it.each(Object.entries(fixture.decoded))('reads what Pillow reads: %s', (name, { file, rgb }) => {
    const image = decodeImage(bytes(file));
    // JPEG decoders may round their transforms differently.
    expect(apart(image.data, rgb)).toBeLessThanOrEqual(name.includes('jpeg') ? 3 : 1);
  });

  it('refuses what is no image, and what is cut short', () => {
    expect(() => decodeImage(new TextEncoder().encode('GIF89a'))).toThrow('it is neither a PNG nor a JPEG');
    const { file } = fixture.decoded.rgb!;
    expect(() => decodeImage(bytes(file).subarray(0, 50))).toThrow();
    const jpeg = bytes(fixture.decoded.jpeg!.file);
    expect(() => decodeImage(jpeg.subarray(0, 100))).toThrow();
  });

  it('does not believe a small file that says it is enormous', () => {
    const jpeg = bytes(fixture.decoded.jpeg!.file);
    const at = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0);
    jpeg.set([0xff, 0xff, 0xff, 0xff], at + 5);
    expect(() => decodeImage(jpeg)).toThrow();
  });
});

describe('fitImage', () => {
  it.each(Object.keys(fixture.resized.rgb))('resizes the middle as Pillow does, to %s pixels', (size) => {
    const image = decodeImage(bytes(fixture.resized.file));
    const fitted = fitImage(image, Number(size));
    expect(fitted).toMatchObject({ width: Number(size), height: Number(size) });
    expect(apart(fitted.data, fixture.resized.rgb[size]!)).toBeLessThanOrEqual(1);
  });
});
