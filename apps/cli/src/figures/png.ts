import { encode } from 'fast-png';

/** A picture of RGB bytes, `[height, width, 3]`. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export const pngOf = (image: RgbImage): Uint8Array => encode({ ...image, channels: 3 });

/** A PNG file within a page. */
export const dataUri = (image: RgbImage): string =>
  `data:image/png;base64,${Buffer.from(pngOf(image)).toString('base64')}`;
