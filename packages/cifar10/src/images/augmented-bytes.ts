import type { ResolvedAugmentation } from '../augment/augmentation';
import { jitterColors } from '../augment/color-jitter';
import { cutOut } from '../augment/cutout';
import { isFlipped } from '../augment/flip';
import type { PixelImage } from '../augment/geometry';
import { randAugment } from '../augment/rand-augment';
import { mapAxis, shiftOf } from '../augment/shift';
import type { LabeledImages } from '../labeled-images';

/** From which rows and columns of a set's image the pixels of the moved and mirrored one come, −1 standing for black. */
export interface Placement {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  /** Writes them for image `index` in this epoch. */
  place(index: number, epoch: number): void;
}

export function placement({ height, width }: LabeledImages, options: ResolvedAugmentation, seed: number) {
  const { flip, shift } = options;
  const rows = new Int32Array(height);
  const columns = new Int32Array(width);
  const place = (index: number, epoch: number) => {
    const [down, right] = shiftOf(shift, seed, epoch, index);
    mapAxis(rows, down, shift?.mode, false);
    mapAxis(columns, right, shift?.mode, isFlipped(flip, seed, epoch, index));
  };
  return { rows, columns, place } satisfies Placement;
}

/** Writes image `index` of a set, as it is in `epoch` before it is mixed, into `pixels`. */
export type WriteBytes = (index: number, epoch: number, pixels: Uint8Array) => void;

/** A writer of images that are moved, mirrored and changed in their bytes as the options say. */
export function augmentedBytes(set: LabeledImages, options: ResolvedAugmentation, seed: number): WriteBytes {
  const { height, width, channels, images } = set;
  const { rows, columns, place } = placement(set, options, seed);
  const scratch = new Uint8Array(height * width * channels);

  return (index, epoch, pixels) => {
    place(index, epoch);
    let to = 0;
    for (const row of rows) {
      for (const column of columns) {
        const from = ((index * height + row) * width + column) * channels;
        const isBlack = row < 0 || column < 0;
        for (let channel = 0; channel < channels; channel++)
          pixels[to++] = isBlack ? 0 : images[from + channel]!;
      }
    }
    if (options.randAugment) {
      const image: PixelImage = { height, width, pixels, scratch };
      randAugment(image, options.randAugment, seed, epoch, index);
    }
    if (options.colorJitter) jitterColors(pixels, options.colorJitter, seed, epoch, index);
    if (options.cutout) cutOut(pixels, [height, width], options.cutout, seed, epoch, index);
  };
}
