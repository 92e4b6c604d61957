import { decode } from 'fast-png';
import { encodeRecords } from '../encode-records';
import { CHANNELS, IMAGE_SIZE } from '../records';
import { checkPngSize } from './png-header';

const STRIP_WIDTH = IMAGE_SIZE * IMAGE_SIZE;

/**
 * Turns a PNG strip, in which each row holds the 1,024 pixels of one image, and its labels into official records.
 *
 * Throws if the strip is not an RGB image of 1,024 × `labels.length` pixels with 8 bits per channel.
 */
export function stripToRecords(name: string, png: Uint8Array, labels: readonly number[]): Uint8Array {
  checkPngSize(name, png, STRIP_WIDTH, labels.length);
  // A byte array would turn a larger number into a smaller one without a word.
  const odd = labels.find((label) => !Number.isInteger(label) || label < 0 || label > 255);
  if (odd !== undefined) throw new Error(`the labels of ${name} must be 0 to 9, received ${odd}`);
  const { data, channels, depth } = decode(png);
  if (channels !== CHANNELS || depth !== 8) {
    throw new Error(`${name} must have 3 channels of 8 bits, received ${channels} of ${depth}`);
  }
  return encodeRecords({
    images: data as Uint8Array,
    labels: Uint8Array.from(labels),
    length: labels.length,
    height: IMAGE_SIZE,
    width: IMAGE_SIZE,
    channels: CHANNELS,
  });
}
