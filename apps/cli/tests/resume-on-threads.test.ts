import * as tf from '@tensorflow/tfjs-core';
import { backendStatus, type XcpBackend } from '@xcp/backend';
import { memoryStore, modelWeights, resume, train } from '@xcp/trainer';
import { describe, expect, it } from 'vitest';
import { smallData, smallModel } from './small-run';

const { available } = backendStatus();

const config = { epochs: 2, optimizer: { name: 'adam' } } as const;

/** The weights of a run that computes on another number of threads after every two steps. */
async function run(threads: readonly number[]): Promise<Record<string, string>> {
  const store = memoryStore();
  let trained = smallModel();
  for (const [session, count] of threads.entries()) {
    (tf.backend() as XcpBackend).setThreads(count);
    trained.dispose();
    trained = smallModel();
    const last = session === threads.length - 1;
    const maxSteps = last ? null : 2 * (session + 1);
    const options = { model: trained, trainData: smallData, store };
    if (session === 0) await train({ ...options, config: { ...config, maxSteps } });
    else await resume({ ...options, config: { maxSteps } });
  }
  const weights = await modelWeights(trained);
  trained.dispose();
  return Object.fromEntries(
    Object.entries(weights).map(([name, { data }]) => [name, Buffer.from(data.buffer).toString('base64')]),
  );
}

describe.skipIf(!available)('a run resumed on another number of threads', () => {
  it('ends with the same bits', async () => {
    await tf.setBackend('xcp');
    const expected = await run([1]);
    expect(await run([2])).toEqual(expected);
    expect(await run([3, 1, 2, 5])).toEqual(expected);
  });
});
