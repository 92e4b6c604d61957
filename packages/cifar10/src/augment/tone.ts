import { blend } from './color';
import type { PixelImage } from './geometry';

/**
 * Changes of tone of an image in place, channel by channel, on bytes as torchvision does them on uint8 tensors.
 *
 * Source: torchvision `transforms/_functional_tensor.py`.
 */

const { fround } = Math;

/** Keeps this many of a byte's bits, the highest, 0 to 8. */
export function posterize(pixels: Uint8Array, bits: number): void {
  const mask = 256 - 2 ** (8 - bits);
  for (let i = 0; i < pixels.length; i++) pixels[i] = pixels[i]! & mask;
}

/** Turns what is at least as bright as `threshold` into its negative. */
export function solarize(pixels: Uint8Array, threshold: number): void {
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i]! >= threshold) pixels[i] = 255 - pixels[i]!;
  }
}

/** Stretches each channel to reach from 0 to 255. */
export function autoContrast(pixels: Uint8Array): void {
  for (let channel = 0; channel < 3; channel++) {
    let [least, most] = [255, 0];
    for (let i = channel; i < pixels.length; i += 3) {
      least = Math.min(least, pixels[i]!);
      most = Math.max(most, pixels[i]!);
    }
    if (least === most) continue;
    const scale = fround(255 / (most - least));
    for (let i = channel; i < pixels.length; i += 3) {
      pixels[i] = Math.min(255, Math.trunc(fround((pixels[i]! - least) * scale)));
    }
  }
}

/** Spreads the values of each channel so that all are about as frequent. */
export function equalize(pixels: Uint8Array): void {
  const count = new Int32Array(256);
  const table = new Uint8Array(256);
  for (let channel = 0; channel < 3; channel++) {
    count.fill(0);
    for (let i = channel; i < pixels.length; i += 3) count[pixels[i]!]!++;
    const brightest = count.findLast((n) => n > 0)!;
    const step = Math.floor((pixels.length / 3 - brightest) / 255);
    if (step === 0) continue;
    let sum = 0;
    for (let value = 0; value < 256; value++) {
      table[value] = Math.min(255, Math.floor((sum + (value > 0 ? step >> 1 : 0)) / step));
      sum += count[value]!;
    }
    for (let i = channel; i < pixels.length; i += 3) pixels[i] = table[pixels[i]!]!;
  }
}

/** 0 is blurred, 1 the image itself, 2 sharpened; the outermost pixels stay. */
export function adjustSharpness({ height, width, pixels, scratch }: PixelImage, factor: number): void {
  if (height <= 2 || width <= 2) return;
  scratch.set(pixels);
  const [share, rest] = [fround(factor), fround(1 - factor)];
  const row = width * 3;
  for (let i = 0; i < pixels.length; i++) {
    const [y, x] = [Math.floor(i / row), Math.floor((i % row) / 3)];
    let blurred = scratch[i]!;
    if (y > 0 && y < height - 1 && x > 0 && x < width - 1) {
      let sum = 4 * scratch[i]!;
      for (const line of [i - row, i, i + row])
        sum += scratch[line - 3]! + scratch[line]! + scratch[line + 3]!;
      blurred = Math.round(sum / 13);
    }
    pixels[i] = blend(scratch[i]!, share, blurred, rest);
  }
}
