import { describe, expect, it } from 'vitest';
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation } from './color';
import fixture from './fixtures/operations.json';
import type { PixelImage } from './geometry';
import { OPERATIONS } from './rand-augment';

const [height, width] = fixture.shape as [number, number];
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const freshImage = (): PixelImage => {
  const pixels = bytes(fixture.image);
  return { height, width, pixels, scratch: new Uint8Array(pixels.length) };
};

const adjust: Record<string, (pixels: Uint8Array, factor: number) => void> = {
  brightness: adjustBrightness,
  contrast: adjustContrast,
  saturation: adjustSaturation,
  hue: adjustHue,
};

/** How often two images differ by one, the most that they may. */
function offByOne(actual: Uint8Array, expected: Uint8Array): number {
  expect(actual.length).toBe(expected.length);
  const differences = actual.map((byte, i) => Math.abs(byte - expected[i]!));
  expect(Math.max(...differences)).toBeLessThanOrEqual(1);
  return differences.filter((difference) => difference > 0).length;
}

describe('changes of colour', () => {
  it.each(Object.entries(fixture.adjusted))('adjust %s as torchvision does', (key, expected) => {
    const [name, factor] = key.split(' ') as [string, string];
    const { pixels } = freshImage();
    adjust[name]!(pixels, Number(factor));
    // The hue goes through other formulas: now and then a byte is cut off on the other side of an integer.
    expect(offByOne(pixels, bytes(expected))).toBeLessThanOrEqual(name === 'hue' ? 5 : 0);
  });

  it('leave an image as it is at factor 1, and at a full turn of the hue', () => {
    for (const [name, change] of Object.entries(adjust)) {
      const { pixels } = freshImage();
      change(pixels, name === 'hue' ? 0 : 1);
      expect(offByOne(pixels, bytes(fixture.image))).toBe(0);
    }
  });
});

describe('the operations of RandAugment', () => {
  it.each(Object.entries(fixture.operations))('%s does what torchvision does', (key, expected) => {
    const [name, magnitude, direction] = key.split(' ') as [string, string, string];
    const image = freshImage();
    // For 0.3 torchvision's table of factors has this number of single precision, and bytes are cut off at integers.
    const isBlend = ['Brightness', 'Color', 'Contrast', 'Sharpness'].includes(name);
    const strength = isBlend ? 0.29999998211860657 / 0.9 : Number(magnitude) / 30;
    OPERATIONS[name[0]!.toLowerCase() + name.slice(1)]!(image, strength, Number(direction));
    expect(offByOne(image.pixels, bytes(expected))).toBe(0);
  });

  it('are the fourteen of torchvision, in its order', () => {
    const names = new Set(Object.keys(fixture.operations).map((key) => key.split(' ')[0]!.toLowerCase()));
    expect(Object.keys(OPERATIONS).map((name) => name.toLowerCase())).toEqual([...names]);
  });
});
