import type { RgbImage } from './png';

const WARM = [255, 60, 0] as const;

/** A picture darkened to half, with a heat map of as many pixels, each from 0 to 1, glowing over it. */
export function heatOverlay(image: RgbImage, heat: ArrayLike<number>): RgbImage {
  const data = image.data.map((value, i) => {
    const share = heat[Math.floor(i / 3)]!;
    return Math.round((1 - share) * 0.5 * value + share * (0.35 * value + 0.65 * WARM[i % 3]!));
  });
  return { ...image, data };
}
