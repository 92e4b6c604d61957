import { checkLabeledImages, type LabeledImages } from './labeled-images';
import { CHANNELS, IMAGE_SIZE, RECORD_BYTES } from './records';

/**
 * Encodes 32×32×3 images and their labels as official CIFAR-10 records, the inverse of `decodeRecords`.
 *
 * Throws if the images are not 32×32×3, or if a label is above 9.
 *
 * @example
 * await writeFile('data_batch_1.bin', encodeRecords(set));
 */
export function encodeRecords(set: LabeledImages): Uint8Array {
  const { images, labels, length, height, width, channels } = set;
  if (height !== IMAGE_SIZE || width !== IMAGE_SIZE || channels !== CHANNELS) {
    throw new Error(
      `encodeRecords: images must be ${IMAGE_SIZE}×${IMAGE_SIZE}×${CHANNELS}, received ${height}×${width}×${channels}`,
    );
  }
  checkLabeledImages('encodeRecords', set);
  const plane = IMAGE_SIZE * IMAGE_SIZE;
  const bytes = new Uint8Array(length * RECORD_BYTES);
  let from = 0;
  for (let record = 0; record < length; record++) {
    const label = labels[record]!;
    if (label > 9) {
      throw new Error(`encodeRecords: a label must be 0 to 9, received ${label} for image ${record}`);
    }
    let to = record * RECORD_BYTES;
    bytes[to++] = label;
    for (let pixel = 0; pixel < plane; pixel++, to++) {
      bytes[to] = images[from++]!;
      bytes[to + plane] = images[from++]!;
      bytes[to + 2 * plane] = images[from++]!;
    }
  }
  return bytes;
}
