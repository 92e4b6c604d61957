import { checkKeys } from '../check';
import { below, randomWords, STREAM, unit } from '../random';
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation } from './color';

/** By how much colours vary at most; what is left out does not. In torchvision's `ColorJitter` the same four. */
export interface ColorJitter {
  /** The factor is drawn from 1 − b to 1 + b, and not below 0. */
  brightness?: number;
  contrast?: number;
  saturation?: number;
  /** The hue is turned by up to this share of a full circle, at most ½. */
  hue?: number;
}

const KEYS = ['brightness', 'contrast', 'saturation', 'hue'] as const;

/** Throws if an amount is negative, or a hue above ½. */
export function checkColorJitter(subject: string, jitter: ColorJitter): void {
  checkKeys(`${subject}: \`colorJitter\``, jitter, KEYS);
  for (const key of KEYS) {
    const amount = jitter[key] ?? 0;
    const most = key === 'hue' ? 0.5 : Number.MAX_VALUE;
    if (!(amount >= 0 && amount <= most)) {
      const range = key === 'hue' ? 'from 0 to 0.5' : 'at least 0';
      throw new Error(`${subject}: \`colorJitter.${key}\` must be ${range}, received ${String(amount)}`);
    }
  }
}

/** Varies the colours of image `index` in this epoch, in place: the four changes in random order. */
export function jitterColors(
  pixels: Uint8Array,
  jitter: ColorJitter,
  seed: number,
  epoch: number,
  index: number,
): void {
  const { brightness = 0, contrast = 0, saturation = 0, hue = 0 } = jitter;
  const factor = (amount: number, word: number) => {
    const least = Math.max(0, 1 - amount);
    return least + unit(word) * (1 + amount - least);
  };
  const [first, second] = randomWords(seed, STREAM.jitter, epoch, index);
  const [third, fourth] = randomWords(seed, STREAM.jitter + 1, epoch, index);
  const changes = [
    brightness > 0 && (() => adjustBrightness(pixels, factor(brightness, first))),
    contrast > 0 && (() => adjustContrast(pixels, factor(contrast, second))),
    saturation > 0 && (() => adjustSaturation(pixels, factor(saturation, third))),
    hue > 0 && (() => adjustHue(pixels, (2 * unit(fourth) - 1) * hue)),
  ];
  let order = below(24, randomWords(seed, STREAM.jitter + 2, epoch, index)[0]);
  while (changes.length > 0) {
    const [change] = changes.splice(order % changes.length, 1);
    order = Math.floor(order / (changes.length + 1));
    if (change) change();
  }
}
