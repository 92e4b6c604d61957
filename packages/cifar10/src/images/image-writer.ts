import { changesBytes } from '../augment/augmentation';
import { boxOf, mixOf } from '../augment/mix';
import type { ResolvedBatchOptions } from '../batches/batch-options';
import type { LabeledImages } from '../labeled-images';
import { augmentedBytes, placement } from './augmented-bytes';
import { normalizer } from './normalize';
import { bilinearResize } from './resize';

/** With which other image one was mixed, and its own share. */
export interface Mixed {
  readonly partner: number;
  readonly share: number;
}

/** Writes image `index`, as it is in `epoch`, into `out` at `at`; tells with what it was mixed, where it was. */
export type WriteImage = (index: number, epoch: number, out: Float32Array, at: number) => Mixed | undefined;

/** Writes images of a set as a batch holds them. */
export interface ImageWriter {
  /** Of the images written, in pixels. */
  readonly height: number;
  readonly width: number;
  readonly write: WriteImage;
}

/** A writer of images augmented, normalized and resized as the options say, in this order. */
export function imageWriter(set: LabeledImages, options: ResolvedBatchOptions): ImageWriter {
  const { height, width, channels } = set;
  const { augmentation, size } = options;
  const isMixed = augmentation.mixup !== undefined || augmentation.cutmix !== undefined;
  const writer = isMixed ? mixedWriter : changesBytes(augmentation) ? changedWriter : movedWriter;
  const write = writer(set, options);
  if (size === undefined) return { height, width, write };

  const resize = bilinearResize(height, width, channels, size);
  const unresized = new Float32Array(height * width * channels);
  return {
    height: size,
    width: size,
    write(index, epoch, out, at) {
      const mixed = write(index, epoch, unresized, 0);
      resize(unresized, out, at);
      return mixed;
    },
  };
}

/** The usual case: pixels are normalized on their way to another place, and copied nowhere in between. */
function movedWriter(set: LabeledImages, options: ResolvedBatchOptions): WriteImage {
  const { height, width, channels, images } = set;
  const imageBytes = height * width * channels;
  const normalize = normalizer(height, width, options.mean, options.std);
  const { rows, columns, place } = placement(set, options.augmentation, options.seed);
  return (index, epoch, out, at) => {
    place(index, epoch);
    normalize(images, index * imageBytes, rows, columns, out, at);
    return undefined;
  };
}

/** Normalizes an image of bytes as it lies. */
function inPlaceNormalizer({ height, width }: LabeledImages, { mean, std }: ResolvedBatchOptions) {
  const normalize = normalizer(height, width, mean, std);
  const rows = Int32Array.from({ length: height }, (_, y) => y);
  const columns = Int32Array.from({ length: width }, (_, x) => x);
  return (pixels: Uint8Array, out: Float32Array, at: number) => normalize(pixels, 0, rows, columns, out, at);
}

function changedWriter(set: LabeledImages, options: ResolvedBatchOptions): WriteImage {
  const pixels = new Uint8Array(set.height * set.width * set.channels);
  const writeBytes = augmentedBytes(set, options.augmentation, options.seed);
  const normalize = inPlaceNormalizer(set, options);
  return (index, epoch, out, at) => {
    writeBytes(index, epoch, pixels);
    normalize(pixels, out, at);
    return undefined;
  };
}

function mixedWriter(set: LabeledImages, options: ResolvedBatchOptions): WriteImage {
  const { height, width, channels } = set;
  const { augmentation, indices, seed } = options;
  const length = height * width * channels;
  const own = new Uint8Array(length);
  const other = new Uint8Array(length);
  const otherFloats = new Float32Array(length);
  const writeBytes = augmentedBytes(set, augmentation, seed);
  const normalize = inPlaceNormalizer(set, options);

  return (index, epoch, out, at) => {
    const { kind, partner, share } = mixOf(augmentation, indices, seed, epoch, index)!;
    writeBytes(index, epoch, own);
    // The other image is varied as it is itself in this epoch.
    writeBytes(partner, epoch, other);
    if (kind === 'cutmix') {
      const box = boxOf(share, height, width, seed, epoch, index);
      for (let y = box.top; y < box.bottom; y++) {
        const [from, to] = [(y * width + box.left) * channels, (y * width + box.right) * channels];
        own.set(other.subarray(from, to), from);
      }
      normalize(own, out, at);
      return { partner, share: box.share };
    }
    normalize(own, out, at);
    normalize(other, otherFloats, 0);
    for (let i = 0; i < length; i++) out[at + i] = share * out[at + i]! + (1 - share) * otherFloats[i]!;
    return { partner, share };
  };
}
