import { encodeRecords } from '../encode-records';
import { CHANNELS, IMAGE_SIZE } from '../records';
import { decodeRgbPng } from './rgb-png';

const STRIP_WIDTH = IMAGE_SIZE * IMAGE_SIZE;

/**
 * Turns a PNG strip, in which each row holds the 1,024 pixels of one image, and its labels into official records.
 *
 * Throws if the strip is not an RGB image of 1,024 × `labels.length` pixels with 8 bits per channel.
 */
export function stripToRecords(name: string, png: Uint8Array, labels: readonly number[]): Uint8Array {
  // A byte array would turn a larger number into a smaller one without a word.
  const odd = labels.find((label) => !Number.isInteger(label) || label < 0 || label > 255);
  if (odd !== undefined) throw new Error(`the labels of ${name} must be 0 to 9, received ${odd}`);
  return encodeRecords({
    images: decodeRgbPng(name, png, STRIP_WIDTH, labels.length),
    labels: Uint8Array.from(labels),
    length: labels.length,
    height: IMAGE_SIZE,
    width: IMAGE_SIZE,
    channels: CHANNELS,
  });
}
