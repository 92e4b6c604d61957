import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CheckpointStore } from '../checkpoint/store';
import { contentsOf, weightBits } from '../fixtures/exact';
import { faultyFs } from '../fixtures/faulty-fs';
import { tinyModel, tinySource } from '../fixtures/tiny';
import { resume } from '../resume';
import { train } from '../train';
import { fileStore } from './file-store';

let parent: string;
let directory: string;

beforeAll(() => tf.setBackend('cpu'));
beforeEach(async () => {
  parent = await fs.mkdtemp(join(tmpdir(), 'faults-'));
  directory = join(parent, 'run', 'checkpoints');
});
afterEach(() => fs.rm(parent, { recursive: true }));

const trainData = tinySource();
const run = (store: CheckpointStore, config: object = {}) => ({
  model: tinyModel(),
  trainData,
  store,
  config: { epochs: 2, checkpointEverySteps: 1, ...config },
});
const contents = async (store: CheckpointStore) => {
  const { found } = await store.latest();
  return found && contentsOf(found.checkpoint);
};

describe('a disk that fails at any one call of a run', () => {
  it('leaves the earlier checkpoints and a clear error, and the run goes on from there to the same bits', async () => {
    const whole = fileStore(join(parent, 'whole'));
    await train(run(whole));
    const expected = await contents(whole);
    const failedAt = new Map<string, number>();
    for (let n = 1; ; n++) {
      const { fs: faulty, failed } = faultyFs(n);
      directory = join(parent, `run-${n}`);
      const error = await train(run(fileStore(directory, { fs: faulty }), { maxSteps: 2 })).then(
        () => null,
        (error: Error) => error,
      );
      const call = failed();
      if (call === null) {
        expect(error).toBeNull();
        break;
      }
      failedAt.set(call, (failedAt.get(call) ?? 0) + 1);
      // That a lock cannot be removed harms nobody: it goes with its process.
      if (error) expect(error.message).toContain('`directory` must be a folder');
      if (error) expect(error.message).toContain(`received '${directory}'`);
      else expect(call).toBe('rm');

      const store = fileStore(directory);
      const names = await store.list();
      for (const name of names) await store.load(name);
      if (names.length === 0) await train(run(store));
      else await resume(run(store, { maxSteps: null }));
      const { state, ...tensors } = (await contents(store))!;
      expect(tensors).toEqual({ weights: expected!.weights, optimizer: expected!.optimizer });
      expect(state.history).toEqual(expected!.state.history);
      const left = await fs.readdir(directory);
      expect(left.filter((name) => !/^step-\d+$/.test(name))).toEqual([]);
    }
    expect([...failedAt.keys()].sort()).toEqual(['mkdir', 'open', 'rename', 'rm', 'sync', 'write']);
    expect(failedAt.get('sync')).toBeGreaterThan(8);
  });
});

describe('a checkpoint', () => {
  it('with any byte changed is passed over, or holds what it held', async () => {
    const store = fileStore(directory);
    await train(run(store));
    const older = contentsOf(await store.load('step-0000005'));
    const newest = contentsOf(await store.load('step-0000006'));
    const folder = join(directory, 'step-0000006');
    const files = (await fs.readdir(folder)).sort();
    expect(files).toHaveLength(4);
    const passed = new Set<string>();
    const property = fc.asyncProperty(
      fc.constantFrom(...files),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.integer({ min: 1, max: 255 }),
      async (file, place, change) => {
        const bytes = await fs.readFile(join(folder, file));
        const damaged = Buffer.from(bytes);
        damaged[Math.floor(place * bytes.length)]! ^= change;
        await fs.writeFile(join(folder, file), damaged);
        const { found, passedOver } = await store.latest();
        await fs.writeFile(join(folder, file), bytes);
        if (found!.name === 'step-0000006') {
          expect(contentsOf(found!.checkpoint)).toEqual(newest);
          expect(file).toBe('manifest.json');
        } else {
          passed.add(file);
          expect(contentsOf(found!.checkpoint)).toEqual(older);
          expect(passedOver[0]).toMatchObject({ name: 'step-0000006' });
        }
      },
    );
    await fc.assert(property, { numRuns: 60, examples: files.map((file) => [file, 0.5, 1]) });
    expect([...passed].sort()).toEqual(files);
  });

  it('is found where its folder was moved to', async () => {
    const whole = fileStore(join(parent, 'whole'));
    const model = tinyModel();
    await train({ ...run(whole), model });
    await train(run(fileStore(directory), { maxSteps: 4 }));
    await fs.rename(join(parent, 'run'), join(parent, 'moved'));
    const moved = { ...run(fileStore(join(parent, 'moved', 'checkpoints')), { maxSteps: null }) };
    expect(await resume(moved)).toMatchObject({ step: 6 });
    expect(await weightBits(moved.model)).toEqual(await weightBits(model));
    expect(await fs.readdir(parent)).not.toContain('run');
  });
});
