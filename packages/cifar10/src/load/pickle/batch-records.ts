import { readPickle } from './read-pickle';
import { ByteArray, kindOf, type PickleValue } from './values';

/** Bytes of one image: a red, a green and a blue plane of 32×32. */
const IMAGE_BYTES = 3072;

/**
 * Turns a pickled batch into records of the binary form: for each image its labels, a byte for each of `labelKeys`, and
 * its planes.
 *
 * Throws if it is no dictionary with `data`, bytes of shape [images, 3072], and with as many labels from 0 to 255.
 */
export function batchToRecords(name: string, pickle: Uint8Array, labelKeys: readonly string[]): Uint8Array {
  try {
    const batch = readPickle(pickle);
    if (!(batch instanceof Map)) throw new Error(`it must be a dictionary, received ${kindOf(batch)}`);
    const data = imagesOf(batch);
    const labels = labelKeys.map((key) => labelsOf(batch, key, data.shape[0]!));
    return interleave(labels, data);
  } catch (cause) {
    throw new Error(`${name}: ${(cause as Error).message}`, { cause });
  }
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

function interleave(labels: number[][], { data, shape, isFortran }: ByteArray): Uint8Array {
  const count = shape[0]!;
  const head = labels.length;
  const records = new Uint8Array(count * (head + IMAGE_BYTES));
  for (let n = 0; n < count; n++) {
    const start = n * (head + IMAGE_BYTES);
    for (const [i, list] of labels.entries()) records[start + i] = list[n]!;
    if (isFortran) {
      for (let i = 0; i < IMAGE_BYTES; i++) records[start + head + i] = data[i * count + n]!;
    } else {
      records.set(data.subarray(n * IMAGE_BYTES, (n + 1) * IMAGE_BYTES), start + head);
    }
  }
  return records;
}
