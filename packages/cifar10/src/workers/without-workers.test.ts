import { expect, it, vi } from 'vitest';
import { type Batch, batchSource } from '../index';
import { workerBatchSource } from './worker-batch-source';

vi.mock('./worker-pool', () => ({
  startPool: async () => {
    throw new Error('no threads here');
  },
}));

it('says in one line that workers cannot be started, and makes the batches itself', async () => {
  const images = new Uint8Array(9 * 12).map((_, i) => i);
  const set = { images, labels: new Uint8Array(9), length: 9, height: 2, width: 2, channels: 3 };
  const warnings: string[] = [];
  const options = { batchSize: 2, shuffle: true };
  const source = workerBatchSource(set, { ...options, workers: 2, onWarning: (line) => warnings.push(line) });
  for (const epoch of [0, 1]) {
    const given: Batch[] = [];
    for await (const batch of source.batches(epoch, 1)) given.push(batch);
    expect(given).toEqual([...batchSource(set, options).batches(epoch, 1)]);
  }
  expect(warnings).toEqual([
    'workerBatchSource: workers cannot be started (no threads here); the main thread makes the batches',
  ]);
  await source.close();
});
