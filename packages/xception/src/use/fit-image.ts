/** A picture of RGB bytes, `[height, width, 3]`. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * The square in the middle of a picture, at `size` × `size` pixels.
 *
 * Bilinear, over as many pixels as fall on one where it gets smaller, so that nothing between them is skipped:
 * PIL's `Image.resize` with `BILINEAR`.
 *
 * @example const { data } = fitImage({ width: 640, height: 480, data: rgb }, 32);
 * @throws if the data are not those of width and height, or the size is no whole number of pixels.
 */
export function fitImage(image: RgbImage, size: number): RgbImage {
  check(image, size);
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

function check({ width, height, data }: RgbImage, size: number): void {
  const isSide = (value: number) => Number.isInteger(value) && value >= 1;
  if (!isSide(size)) throw new Error(`fitImage: \`size\` must be a whole number of pixels, received ${size}`);
  if (isSide(width) && isSide(height) && data.length === 3 * width * height) return;
  throw new Error(
    `fitImage: \`image\` must have 3 bytes for each of its ${width}×${height} pixels, received ${data.length}`,
  );
}
