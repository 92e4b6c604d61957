// Makes batches of bytes that the page or program hands in, as of a file that a user chose. Knows no runtime.
import { batches, decodeRecords, split } from '@xcp/cifar10';

const RECORD_BYTES = 3073;

export function readData() {
  const records = new Uint8Array(40 * RECORD_BYTES).map((_, i) =>
    i % RECORD_BYTES === 0 ? (i / RECORD_BYTES) % 10 : i * 7,
  );
  const set = decodeRecords(records);
  const { train: indices } = split(set, { share: 0.25, seed: 0 });
  let images = 0;
  for (const batch of batches(set, { indices, batchSize: 8, seed: 0, flip: 'random' })) {
    if (!batch.images.every(Number.isFinite)) throw new Error('a pixel is no number');
    images += batch.labels.length;
  }
  if (images !== 30) throw new Error(`the batches must hold 30 images, received ${images}`);
  return { images };
}
