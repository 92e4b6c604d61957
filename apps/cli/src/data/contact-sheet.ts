import { type AugmentOptions, batches, CIFAR10_MEAN, type LabeledImages, split } from '@xcp/cifar10';
import { UserError } from '../errors';

export interface SheetOptions {
  /** Images in a row. */
  columns: number;
  /** Pixels of the sheet for a pixel of an image. */
  scale: number;
  seed: number;
  epoch: number;
  augment: AugmentOptions;
}

/** A picture of RGB bytes, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** Which images of the set, row by row. */
  readonly indices: number[];
}

const MEAN_BYTES = CIFAR10_MEAN.map((value) => Math.round(255 * value));

/** Pixels of white around every image. */
const GAP = 1;

/** A row of images for each label, from top to bottom in the order of the labels, drawn by the seed. */
export function contactSheet(
  set: LabeledImages,
  { columns, scale, seed, epoch, augment }: SheetOptions,
): Picture {
  const classes = Math.max(...set.labels) + 1;
  const indices = chosenImages(set, classes, columns, seed);
  // Values that are the bytes themselves.
  const asBytes = { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] };
  // Of these values the mean is black; in training a cutout has the mean of the data set.
  const cutout = augment.cutout && { fill: MEAN_BYTES, ...augment.cutout };
  const options = {
    ...augment,
    ...(cutout && { cutout }),
    ...asBytes,
    indices,
    batchSize: indices.length,
    seed,
    epoch,
  };
  const [batch] = batches(set, options);
  const { images, shape } = batch!;
  const [, height, width] = shape;

  const [cellHeight, cellWidth] = [height * scale + GAP, width * scale + GAP];
  const sheetWidth = columns * cellWidth + GAP;
  const sheetHeight = classes * cellHeight + GAP;
  const data = new Uint8Array(sheetWidth * sheetHeight * 3).fill(255);
  for (let n = 0; n < indices.length; n++) {
    const top = Math.floor(n / columns) * cellHeight + GAP;
    const left = (n % columns) * cellWidth + GAP;
    for (let y = 0; y < height * scale; y++) {
      for (let x = 0; x < width * scale; x++) {
        const from = ((n * height + Math.floor(y / scale)) * width + Math.floor(x / scale)) * 3;
        const to = ((top + y) * sheetWidth + left + x) * 3;
        for (let channel = 0; channel < 3; channel++)
          data[to + channel] = Math.round(images[from + channel]!);
      }
    }
  }
  return { width: sheetWidth, height: sheetHeight, data, indices };
}

/** As many images of each label, drawn by the seed, by label and then by index. */
function chosenImages(set: LabeledImages, classes: number, columns: number, seed: number): number[] {
  const perClass = new Array<number>(classes).fill(0);
  for (const label of set.labels) perClass[label]!++;
  const fewest = Math.min(...perClass);
  if (columns >= fewest) {
    throw new UserError(
      `data: \`--columns\` must be below the ${fewest} images of a class, received ${columns}`,
    );
  }
  const drawn = [...split(set, { count: columns * classes, seed }).validation];
  return drawn.sort((a, b) => set.labels[a]! - set.labels[b]! || a - b);
}
