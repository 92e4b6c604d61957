import { describe, expect, it } from 'vitest';
import { resolveBatchOptions } from '../batches/batch-options';
import { startPool } from './worker-pool';

const set = {
  images: new Uint8Array(12),
  labels: new Uint8Array(1),
  length: 1,
  height: 2,
  width: 2,
  channels: 3,
};
const task = { set, options: resolveBatchOptions('test', set, {}) };
const indices = Uint32Array.of(0);

/** A worker that says that it is there, and then does something else than its work. */
const program = (onJob: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ({ id }) => { ${onJob} });
      parentPort.postMessage({ kind: 'ready' });`)}`,
  );

describe('startPool', () => {
  it.each([
    ['failed (broken)', `throw new Error('broken')`],
    ['ended by itself (exit code 3)', 'process.exit(3)'],
  ])('ends all workers and rejects all jobs when one %s', async (what, onJob) => {
    const pool = await startPool(2, task, program(onJob));
    const jobs = [1, 2, 3].map(() => pool.make(indices, 0, undefined));
    for (const job of jobs) await expect(job).rejects.toThrow(`workerBatchSource: a worker ${what}`);
    expect(pool.isClosed).toBe(true);
  });

  it('passes the message of a job that failed on, and goes on', async () => {
    const pool = await startPool(
      1,
      task,
      program(`parentPort.postMessage({ kind: 'failed', id, message: 'no such image' })`),
    );
    await expect(pool.make(indices, 0, undefined)).rejects.toThrow('no such image');
    expect(pool.isClosed).toBe(false);
    await pool.close();
  });

  it('throws where a worker does not come up', async () => {
    const nowhere = new URL('./there-is-no-such-program.js', import.meta.url);
    await expect(startPool(2, task, nowhere)).rejects.toThrow('there-is-no-such-program');
  });

  it('asks whichever worker has least to do', async () => {
    const slow = `setTimeout(() => parentPort.postMessage({ kind: 'made', id, batch: process.pid + id }), 20 * id)`;
    const pool = await startPool(2, task, program(slow));
    const ended: number[] = [];
    await Promise.all([0, 1, 2].map((n) => pool.make(indices, 0, undefined).then(() => ended.push(n))));
    expect(ended).toEqual([0, 1, 2]);
    await pool.close();
  });
});
