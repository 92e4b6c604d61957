import { RECORD_BYTES } from '../../records';
import { readPickle } from './read-pickle';
import { ByteArray, kindOf, type PickleValue } from './values';

/** Bytes of one image: a red, a green and a blue plane of 32×32. */
const IMAGE_BYTES = 3072;

/** What a pickled batch holds: a row of bytes for each image, and lists of its labels. */
export interface PickledBatch {
  readonly labels: readonly number[][];
  readonly data: ByteArray;
}

/**
 * Reads a pickled batch with a list of labels for each of `labelKeys`.
 *
 * Throws if it is no dictionary with `data`, bytes of shape [images, 3072], and with as many labels from 0 to 255.
 */
export function readBatch(name: string, pickle: Uint8Array, labelKeys: readonly string[]): PickledBatch {
  try {
    const batch = readPickle(pickle);
    if (!(batch instanceof Map)) throw new Error(`it must be a dictionary, received ${kindOf(batch)}`);
    const data = imagesOf(batch);
    return { labels: labelKeys.map((key) => labelsOf(batch, key, data.shape[0]!)), data };
  } catch (cause) {
    throw new Error(`${name}: ${(cause as Error).message}`, { cause });
  }
}

/** The planes of one image: 1,024 red, 1,024 green and 1,024 blue values. */
export function planesOf({ data, shape, isFortran }: ByteArray, image: number): Uint8Array {
  if (!isFortran) return data.subarray(image * IMAGE_BYTES, (image + 1) * IMAGE_BYTES);
  return Uint8Array.from({ length: IMAGE_BYTES }, (_, i) => data[i * shape[0]! + image]!);
}

/** Turns a pickled batch of CIFAR-10 into records of the binary form; throws as `readBatch` does. */
export function batchToRecords(name: string, pickle: Uint8Array): Uint8Array {
  const { labels, data } = readBatch(name, pickle, ['labels']);
  const records = new Uint8Array(data.shape[0]! * RECORD_BYTES);
  for (const [n, label] of labels[0]!.entries()) {
    records[n * RECORD_BYTES] = label;
    records.set(planesOf(data, n), n * RECORD_BYTES + 1);
  }
  return records;
}

function imagesOf(batch: ReadonlyMap<string, PickleValue>): ByteArray {
  const data = batch.get('data');
  if (!(data instanceof ByteArray)) throw new Error(`\`data\` must be an array, received ${kindOf(data)}`);
  if (data.shape.length !== 2 || data.shape[1] !== IMAGE_BYTES) {
    throw new Error(`\`data\` must have the shape images×${IMAGE_BYTES}, received ${data.shape.join('×')}`);
  }
  return data;
}

function labelsOf(batch: ReadonlyMap<string, PickleValue>, key: string, count: number): number[] {
  const labels = batch.get(key);
  if (!Array.isArray(labels) || labels.length !== count) {
    const received = Array.isArray(labels) ? `${labels.length}` : kindOf(labels);
    throw new Error(`\`${key}\` must be a list of ${count} labels, received ${received}`);
  }
  // A byte array would turn a larger number into a smaller one without a word.
  const odd = labels.find((label) => typeof label !== 'number' || label < 0 || label > 255);
  if (odd !== undefined) throw new Error(`\`${key}\` must hold bytes, received ${kindOf(odd)}`);
  return labels as number[];
}
