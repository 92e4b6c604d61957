import type { RgbImage } from '../figures/png';

/**
 * The square in the middle of a picture, at `size` × `size` pixels.
 *
 * Bilinear, over as many pixels as fall on one where it gets smaller, so that nothing between them is skipped:
 * PIL's `Image.resize` with `BILINEAR`.
 */
export function fitImage(image: RgbImage, size: number): RgbImage {
  const side = Math.min(image.width, image.height);
  const taps = triangle(side, size);
  const top = Math.floor((image.height - side) / 2);
  const left = Math.floor((image.width - side) / 2);
  const rows = new Float64Array(side * size * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < size; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const { from, weights } = taps[x]!;
        let sum = 0;
        weights.forEach((weight, i) => {
          sum += weight * image.data[3 * ((top + y) * image.width + left + from + i) + channel]!;
        });
        rows[3 * (y * size + x) + channel] = sum;
      }
    }
  }
  const data = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    const { from, weights } = taps[y]!;
    for (let at = 0; at < 3 * size; at++) {
      let sum = 0;
      weights.forEach((weight, i) => {
        sum += weight * rows[3 * (from + i) * size + at]!;
      });
      data[3 * y * size + at] = Math.round(Math.max(0, Math.min(255, sum)));
    }
  }
  return { width: size, height: size, data };
}

/** For each of `size` pixels, which of `side` pixels it is made of, and how much of each. */
function triangle(side: number, size: number): { from: number; weights: number[] }[] {
  const scale = side / size;
  const reach = Math.max(1, scale);
  return Array.from({ length: size }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const from = Math.max(0, Math.floor(centre - reach + 0.5));
    const to = Math.min(side, Math.floor(centre + reach + 0.5));
    const raw = Array.from({ length: to - from }, (_, k) =>
      Math.max(0, 1 - Math.abs(from + k + 0.5 - centre) / reach),
    );
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    return { from, weights: raw.map((weight) => weight / total) };
  });
}
