import { isFlipped } from '../augment/flip';
import { mapAxis, shiftOf } from '../augment/shift';
import type { ResolvedBatchOptions } from '../batches/batch-options';
import type { LabeledImages } from '../labeled-images';
import { normalizer } from './normalize';
import { bilinearResize } from './resize';

/** Writes images of a set as a batch holds them. */
export interface ImageWriter {
  /** Of the images written, in pixels. */
  readonly height: number;
  readonly width: number;
  /** Writes image `index`, as it is in `epoch`, into `out` at `at`. */
  write(index: number, epoch: number, out: Float32Array, at: number): void;
}

/** A writer of images augmented, normalized and resized as the options say, in this order. */
export function imageWriter(set: LabeledImages, options: ResolvedBatchOptions): ImageWriter {
  const { height, width, channels, images } = set;
  const { seed, flip, shift, size } = options;
  const imageBytes = height * width * channels;
  const rows = new Int32Array(height);
  const columns = new Int32Array(width);
  const normalize = normalizer(height, width, options.mean, options.std);

  const writePlain: ImageWriter['write'] = (index, epoch, out, at) => {
    const [down, right] = shiftOf(shift, seed, epoch, index);
    mapAxis(rows, down, shift?.mode, false);
    mapAxis(columns, right, shift?.mode, isFlipped(flip, seed, epoch, index));
    normalize(images, index * imageBytes, rows, columns, out, at);
  };
  if (size === undefined) return { height, width, write: writePlain };

  const resize = bilinearResize(height, width, channels, size);
  const unresized = new Float32Array(imageBytes);
  return {
    height: size,
    width: size,
    write(index, epoch, out, at) {
      writePlain(index, epoch, unresized, 0);
      resize(unresized, out, at);
    },
  };
}
