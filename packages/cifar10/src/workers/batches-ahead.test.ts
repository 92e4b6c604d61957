import { describe, expect, it } from 'vitest';
import { batchMaker } from '../batches/batch-maker';
import { resolveBatchOptions } from '../batches/batch-options';
import { batches } from '../index';
import { batchesAhead } from './batches-ahead';

const images = new Uint8Array(20 * 12).map((_, i) => i);
const set = { images, labels: new Uint8Array(20), length: 20, height: 2, width: 2, channels: 3 };

/** A pool that makes each batch a while after it was asked, the later ones sooner, and counts. */
function fakePool(options: { reuse: boolean }) {
  const resolved = resolveBatchOptions('test', set, { batchSize: 3, shuffle: true, ...options });
  const makeBatch = batchMaker(set, resolved);
  const counts = { asked: 0, fresh: 0 };
  const make = async (
    indices: Uint32Array,
    epoch: number,
    size: number | undefined,
    memory: ArrayBuffer | undefined,
  ) => {
    counts.asked++;
    if (memory === undefined) counts.fresh++;
    await new Promise((resolve) => setTimeout(resolve, 20 - 2 * counts.asked));
    return makeBatch(indices, epoch, size, memory);
  };
  return { resolved, counts, pool: { make } };
}

describe('batchesAhead', () => {
  it.each([1, 3, 50])('holds no more than %i batches besides the one that was given', async (prefetch) => {
    const { resolved, counts, pool } = fakePool({ reuse: true });
    let given = 0;
    const expected = [...batches(set, { batchSize: 3, shuffle: true, epoch: 4 })];
    for await (const batch of batchesAhead(pool, resolved, prefetch, 4, 0)) {
      expect(batch).toEqual(expected[given]);
      given++;
      expect(counts.asked - given).toBeLessThanOrEqual(prefetch);
    }
    expect(given).toBe(7);
    // What was given last is written again when the next one is pulled.
    expect(counts.fresh).toBeLessThanOrEqual(prefetch + 1);
  });

  it('asks for nothing more once it was left', async () => {
    const { resolved, counts, pool } = fakePool({ reuse: false });
    for await (const _ of batchesAhead(pool, resolved, 2, 0, 0)) break;
    const { asked } = counts;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(counts.asked).toBe(asked);
    expect(asked).toBe(3);
  });

  it('throws what a worker threw, at its batch', async () => {
    const { resolved, pool } = fakePool({ reuse: false });
    let asked = 0;
    const make: typeof pool.make = (...job) =>
      ++asked === 3 ? Promise.reject(new Error('broken')) : pool.make(...job);
    let given = 0;
    const read = async () => {
      for await (const _ of batchesAhead({ make }, resolved, 4, 0, 0)) given++;
    };
    await expect(read()).rejects.toThrow('broken');
    expect(given).toBe(2);
  });
});
