import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Batch, type BatchSourceOptions, batchSource, type LabeledImages } from '../index';
import { type WorkerBatchSourceOptions, workerBatchSource } from '../node';

function makeSet(length: number): LabeledImages {
  const images = new Uint8Array(length * 8 * 8 * 3).map((_, i) => ((i * 2654435761) >>> 11) % 256);
  return {
    images,
    labels: new Uint8Array(length).map((_, i) => i % 10),
    length,
    height: 8,
    width: 8,
    channels: 3,
  };
}

const set = makeSet(41);
const varied: BatchSourceOptions = {
  batchSize: 4,
  shuffle: true,
  seed: 3,
  flip: 'alternating',
  crop: { padding: 2, mode: 'reflect' },
  randAugment: {},
  mixup: { alpha: 0.4 },
  cutmix: { alpha: 1 },
  size: 11,
};

function open(options: WorkerBatchSourceOptions) {
  const onWarning = (message: string) => {
    throw new Error(message);
  };
  const source = workerBatchSource(set, { onWarning, ...options });
  onTestFinished(() => source.close());
  return source;
}

/** Copies, since with `reuse` a batch holds only until the next one. */
async function collect(batches: AsyncIterable<Batch> | Iterable<Batch>, most = Number.POSITIVE_INFINITY) {
  const all: Batch[] = [];
  for await (const batch of batches) {
    all.push(structuredClone(batch));
    if (all.length === most) break;
  }
  return all;
}

describe('workerBatchSource', () => {
  it.each([
    [1, 1, false],
    [1, 4, true],
    [2, 1, true],
    [3, 8, false],
    [3, 100, true],
  ])(
    'gives with %i workers and %i batches ahead the bits of the main thread (reuse: %s)',
    async (workers, prefetch, reuse) => {
      const source = open({ ...varied, workers, prefetch, reuse });
      const expected = batchSource(set, varied);
      expect([source.size, source.stepsPerEpoch]).toEqual([expected.size, expected.stepsPerEpoch]);
      for (const epoch of [0, 5]) {
        expect(await collect(source.batches(epoch, 0))).toEqual([...expected.batches(epoch, 0)]);
      }
    },
  );

  it('makes the share of a rank', async () => {
    const shared = { ...varied, share: { rank: 1, size: 3 } };
    const expected = [...batchSource(set, shared).batches(2, 0)];
    expect(await collect(open({ ...shared, workers: 2 }).batches(2, 0))).toEqual(expected);
  });

  it('begins at any batch of any epoch, and goes on after one was left early', async () => {
    const expected = batchSource(set, varied);
    const source = open({ ...varied, workers: 2, reuse: true });
    const anyPlace = fc.tuple(fc.nat(1000), fc.nat(expected.stepsPerEpoch), fc.integer({ min: 1, max: 12 }));
    await fc.assert(
      fc.asyncProperty(anyPlace, async ([epoch, step, most]) => {
        const given = await collect(source.batches(epoch, step), most);
        expect(given).toEqual([...expected.batches(epoch, step)].slice(0, most));
      }),
      { numRuns: 25 },
    );
  });

  it('serves two readers at a time', async () => {
    const source = open({ ...varied, workers: 2 });
    const expected = batchSource(set, varied);
    const [first, second] = await Promise.all([collect(source.batches(0, 0)), collect(source.batches(1, 2))]);
    expect(first).toEqual([...expected.batches(0, 0)]);
    expect(second).toEqual([...expected.batches(1, 2)]);
  });

  it('gives nothing more once it is closed', async () => {
    const source = open({ workers: 1, batchSize: 4 });
    const batches = source.batches(0, 0)[Symbol.asyncIterator]();
    await batches.next();
    await source.close();
    await expect(collect({ [Symbol.asyncIterator]: () => batches })).rejects.toThrow('the source was closed');
    await expect(collect(source.batches(0, 0))).rejects.toThrow('the source is closed; make another one');
  });

  it('keeps no process alive, whether an epoch was ended or left', () => {
    const entry = fileURLToPath(new URL('../../dist/node.js', import.meta.url));
    const program = `
      const { workerBatchSource } = await import(${JSON.stringify(entry)});
      const set = { images: new Uint8Array(50 * 12), labels: new Uint8Array(50), length: 50, height: 2, width: 2, channels: 3 };
      const source = workerBatchSource(set, { workers: 2, batchSize: 5 });
      let count = 0;
      for await (const _ of source.batches(0, 0)) count++;
      for await (const _ of source.batches(1, 0)) { count++; break; }
      console.log(count);`;
    const args = ['--input-type=module', '--eval', program];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(stderr).toBe('');
    expect([status, stdout]).toEqual([0, '11\n']);
  });

  it.each([
    [{ workers: 0 }, 'workerBatchSource: `workers` must be an integer from 1 to 256, received 0'],
    [{ prefetch: 0 }, '`prefetch` must be an integer of at least 1, received 0'],
    [{ batchSize: 0 }, '`batchSize` must be an integer of at least 1, received 0'],
    [{ worker: 2 } as never, 'unknown option `worker`; did you mean `workers`?'],
  ])('rejects %j at once', (options, message) => {
    expect(() => workerBatchSource(set, options)).toThrow(message);
  });

  it('rejects an epoch or a step that there is not', () => {
    expect(() => open({}).batches(-1, 0)).toThrow('`epoch` must be');
    expect(() => open({}).batches(0, 2)).toThrow('`startBatch` must be an integer from 0 to 1, received 2');
  });
});
