/** An HWC image of three bytes a pixel, with memory of the same size to move it through. */
export interface PixelImage {
  readonly height: number;
  readonly width: number;
  readonly pixels: Uint8Array;
  readonly scratch: Uint8Array;
}

/**
 * Where a pixel is read from, in pixels from the middle of the image: (xx·x + xy·y + left, yx·x + yy·y + up) for the
 * pixel at (x, y). What would be read from beyond the edge is black.
 */
export interface AffineMap {
  readonly xx: number;
  readonly xy: number;
  readonly left: number;
  readonly yx: number;
  readonly yy: number;
  readonly up: number;
}

const SAME: AffineMap = { xx: 1, xy: 0, left: 0, yx: 0, yy: 1, up: 0 };

/** Moves rows to the left the more, the further down they are, by `slope` of that distance. */
export const shearX = (slope: number, height: number): AffineMap => ({
  ...SAME,
  xy: slope,
  left: (slope * height) / 2,
});

/** Moves columns up the more, the further right they are. */
export const shearY = (slope: number, width: number): AffineMap => ({
  ...SAME,
  yx: slope,
  up: (slope * width) / 2,
});

/** Moves the image to the right and down. */
export const translation = (right: number, down: number): AffineMap => ({ ...SAME, left: -right, up: -down });

/** Turns the image about its middle, counter-clockwise. */
export function rotation(degrees: number): AffineMap {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return { ...SAME, xx: cos, xy: -sin, yx: sin, yy: cos };
}

/** Moves an image in place, each pixel taken from the nearest one, as torchvision's `affine` does by default. */
export function moveNearest({ height, width, pixels, scratch }: PixelImage, map: AffineMap): void {
  scratch.set(pixels);
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      const [fromX, fromY] = [x - middleX, y - middleY];
      const column = nearest(map.xx * fromX + map.xy * fromY + map.left + middleX);
      const row = nearest(map.yx * fromX + map.yy * fromY + map.up + middleY);
      const isInside = column >= 0 && column < width && row >= 0 && row < height;
      const from = (row * width + column) * 3;
      for (let channel = 0; channel < 3; channel++) {
        pixels[to + channel] = isInside ? scratch[from + channel]! : 0;
      }
    }
  }
}

/** The nearest integer, an even one where two are as near. */
function nearest(value: number): number {
  const below = Math.floor(value);
  const above = value - below;
  if (above !== 0.5) return above < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
