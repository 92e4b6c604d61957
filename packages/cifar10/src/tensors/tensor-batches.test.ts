import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { batches, type LabeledImages } from '../index';
import { type TensorBatch, tensorBatches } from '../tfjs';

beforeAll(() => tf.setBackend('cpu'));

const set: LabeledImages = {
  images: new Uint8Array(7 * 12).map((_, i) => i * 3),
  labels: Uint8Array.from([0, 1, 2, 0, 1, 2, 0]),
  length: 7,
  height: 2,
  width: 2,
  channels: 3,
};

describe('tensorBatches', () => {
  it('gives the values of every batch, in memory of their own', async () => {
    const before = tf.memory().numTensors;
    const expected = [...batches(set, { batchSize: 3 })];
    const given: TensorBatch[] = [];
    for await (const batch of tensorBatches(batches(set, { batchSize: 3, reuse: true }))) given.push(batch);
    expect(given.map(({ xs }) => xs.shape)).toEqual([
      [3, 2, 2, 3],
      [3, 2, 2, 3],
      [1, 2, 2, 3],
    ]);
    given.forEach(({ xs, ys, indices }, n) => {
      expect(indices).toEqual(expected[n]!.indices);
      expect(xs.dataSync()).toEqual(expected[n]!.images);
      expect(ys.dtype).toBe('int32');
      expect(ys.dataSync()).toEqual(expected[n]!.labels);
    });
    tf.dispose(given.flatMap(({ xs, ys }) => [xs, ys]));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives labels as shares of classes', async () => {
    const [plain] = await collect(batches(set), { classes: 3 });
    expect(plain).toEqual(Array.from(set.labels, (label) => [0, 1, 2].map((k) => Number(k === label))));
    const [mixed] = await collect(batches(set, { mixup: { alpha: 1 } }), { classes: 3 });
    for (const row of mixed as number[][])
      expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(mixed).not.toEqual(plain);
  });

  it('rejects what has no meaning', async () => {
    expect(() => tensorBatches([], { classes: 0 })).toThrow(
      '`classes` must be an integer of at least 1, received 0',
    );
    expect(() => tensorBatches([], { class: 3 } as never)).toThrow('did you mean `classes`?');
    const before = tf.memory().numTensors;
    await expect(collect(batches(set, { cutmix: { alpha: 1 } }), {})).rejects.toThrow(
      '`classes` must be given where images are mixed',
    );
    await expect(collect(batches(set, { share: { rank: 0, size: 2 } }))).rejects.toThrow('must be whole');
    expect(tf.memory().numTensors).toBe(before);
  });
});

async function collect(...args: Parameters<typeof tensorBatches>) {
  const rows: unknown[] = [];
  for await (const { xs, ys } of tensorBatches(...args)) {
    rows.push(ys.arraySync());
    tf.dispose([xs, ys]);
  }
  return rows;
}
