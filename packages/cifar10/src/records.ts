import type { LabeledImages } from './labeled-images';

/** Height and width of an image in pixels. */
export const IMAGE_SIZE = 32;
export const CHANNELS = 3;
const PLANE = IMAGE_SIZE * IMAGE_SIZE;
const IMAGE_BYTES = PLANE * CHANNELS;
const MAX_LABEL = 9;

/** Bytes of one official record: a label, then 1,024 red, 1,024 green and 1,024 blue values, row by row. */
export const RECORD_BYTES = 1 + IMAGE_BYTES;

/**
 * An empty set for `length` images, to be filled with {@link decodeRecordsInto}, in memory that threads can share where
 * there is such: then workers read it where it lies.
 */
export function allocateImages(length: number): LabeledImages {
  const bytes = length * IMAGE_BYTES;
  const isShared = typeof SharedArrayBuffer !== 'undefined';
  return imagesIn(new Uint8Array(isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes)));
}

function imagesIn(images: Uint8Array): LabeledImages {
  const length = images.length / IMAGE_BYTES;
  return {
    images,
    labels: new Uint8Array(length),
    length,
    height: IMAGE_SIZE,
    width: IMAGE_SIZE,
    channels: CHANNELS,
  };
}

/** Number of records in `bytes`; throws where that is no whole number. */
export function countRecords(bytes: number): number {
  if (bytes === 0 || bytes % RECORD_BYTES !== 0) {
    throw new Error(
      `decodeRecords: \`bytes\` must hold whole records of ${RECORD_BYTES} bytes, received ${bytes} bytes; is the file cut, or not the binary form of CIFAR-10?`,
    );
  }
  return bytes / RECORD_BYTES;
}

/** Decodes official records into `set`, the first at image `start`. */
export function decodeRecordsInto(set: LabeledImages, start: number, bytes: Uint8Array): void {
  const count = countRecords(bytes.length);
  const { images, labels } = set;
  for (let record = 0; record < count; record++) {
    let from = record * RECORD_BYTES;
    const label = bytes[from++]!;
    if (label > MAX_LABEL) {
      throw new Error(
        `decodeRecords: the label of a record must be 0 to ${MAX_LABEL}, received ${label} in record ${record}; is this the binary form of CIFAR-10?`,
      );
    }
    labels[start + record] = label;
    let to = (start + record) * IMAGE_BYTES;
    for (let pixel = 0; pixel < PLANE; pixel++, from++) {
      images[to++] = bytes[from]!;
      images[to++] = bytes[from + PLANE]!;
      images[to++] = bytes[from + 2 * PLANE]!;
    }
  }
}

/**
 * Decodes official CIFAR-10 records (a label byte, then the red, green and blue planes of 32×32) into NHWC images.
 *
 * Throws if `bytes` is not a whole number of records of 3,073 bytes, or if a label is above 9.
 *
 * @example
 * const { images, labels } = decodeRecords(await readFile('data_batch_1.bin'));
 *
 * Source: https://www.cs.toronto.edu/~kriz/cifar.html, "Binary version".
 */
export function decodeRecords(bytes: Uint8Array): LabeledImages {
  const set = imagesIn(new Uint8Array(countRecords(bytes.length) * IMAGE_BYTES));
  decodeRecordsInto(set, 0, bytes);
  return set;
}
