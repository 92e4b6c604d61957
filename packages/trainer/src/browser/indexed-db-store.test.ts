import 'fake-indexeddb/auto';
import * as tf from '@tensorflow/tfjs-core';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { contentsOf, figuresOf, weightBits } from '../fixtures/exact';
import { tinyModel, tinySource } from '../fixtures/tiny';
import { resume } from '../resume';
import { train } from '../train';
import { indexedDbStore } from './indexed-db-store';

const trainData = tinySource();
const config = { epochs: 3, ema: { decay: 0.9 }, checkpointEverySteps: 2 };

/** Web Locks as browsers have them. */
function fakeLocks() {
  const held = new Set<string>();
  return {
    async request(name: string, _: object, hold: (lock: object | null) => Promise<void>) {
      if (held.has(name)) return hold(null);
      held.add(name);
      await hold({ name }).finally(() => held.delete(name));
    },
  };
}

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('navigator', { locks: fakeLocks() });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('indexedDbStore', () => {
  it('resumes in another page to the bits of a run that was not interrupted', async () => {
    const whole = tinyModel();
    const expected = await train({ model: whole, trainData, config });
    await train({
      model: tinyModel(),
      trainData,
      config: { ...config, maxSteps: 5 },
      store: indexedDbStore('run'),
    });
    const model = tinyModel();
    const result = await resume({
      model,
      trainData,
      store: indexedDbStore('run'),
      config: { maxSteps: null },
    });
    expect(figuresOf(result)).toEqual(figuresOf(expected));
    expect(await weightBits(model)).toEqual(await weightBits(whole));
  });

  it('gives back what it was given, averages too', async () => {
    let given: Parameters<ReturnType<typeof indexedDbStore>['save']>[0] | undefined;
    const store = indexedDbStore('run');
    const spying = {
      ...store,
      save: (checkpoint: NonNullable<typeof given>) => {
        given = structuredClone(checkpoint);
        return store.save(checkpoint);
      },
    };
    await train({ model: tinyModel(), trainData, config, store: spying });
    const { found } = await indexedDbStore('run').latest();
    expect(found!.name).toBe('step-0000009');
    expect(contentsOf(found!.checkpoint)).toEqual(contentsOf(given!));
    expect(given!.ema).toBeDefined();
  });

  it('keeps the newest, the best, and those at a multiple, each name a run of its own', async () => {
    const store = indexedDbStore('run', { keepLast: 1, keepEvery: { steps: 4 } });
    await train({
      model: tinyModel(),
      trainData,
      config: { ...config, bestMetric: 'loss', checkpointEverySteps: 1 },
      store,
    });
    expect(await store.list()).toEqual(['step-0000009', 'step-0000008', 'step-0000004']);
    expect((await store.best()).found!.name).toBe('step-0000009');
    expect(await indexedDbStore('other').list()).toEqual([]);
    await store.clear();
    expect(await store.list()).toEqual([]);
    await expect(store.load('step-0000009')).rejects.toThrow(
      "`name` must be that of a checkpoint, received 'step-0000009'",
    );
  });

  it('leaves the earlier checkpoints as they were where there is no room, at either request', async () => {
    const store = indexedDbStore('run');
    await train({ model: tinyModel(), trainData, config: { ...config, maxSteps: 4 }, store });
    const before = await store.list();
    const { checkpoint } = (await store.latest()).found!;
    const later = { ...checkpoint, state: { ...checkpoint.state, step: 9 } };
    for (const request of ['put', 'getAllKeys', 'delete'] as const) {
      vi.spyOn(IDBObjectStore.prototype, request).mockImplementationOnce(() => {
        throw new DOMException('the disk is full', 'QuotaExceededError');
      });
      await expect(store.save(later)).rejects.toThrow(
        "the database must have room and be writable, received 'run' (QuotaExceededError: the disk is full); " +
          'earlier checkpoints are untouched',
      );
      expect(await store.list()).toEqual(before);
    }
    expect(await store.save(later)).toBe('step-0000009');
  });

  it('is written to by one at a time', async () => {
    const release = await indexedDbStore('run').acquire!();
    await expect(
      train({ model: tinyModel(), trainData, config, store: indexedDbStore('run') }),
    ).rejects.toThrow("received 'run', which another one is writing to; wait for it, or close its tab");
    await (await indexedDbStore('other').acquire!())();
    await release();
    await train({ model: tinyModel(), trainData, config, store: indexedDbStore('run') });
    await (await indexedDbStore('run').acquire!())();
  });

  it('has no lock where the browser has none', () => {
    vi.stubGlobal('navigator', {});
    expect(indexedDbStore('run').acquire).toBeUndefined();
  });

  it('says so where there is no IndexedDB, and takes no name that is none', async () => {
    vi.stubGlobal('indexedDB', undefined);
    await expect(indexedDbStore('run').list()).rejects.toThrow(
      "indexedDbStore: the database must be readable, received 'run' (there is no IndexedDB here)",
    );
    expect(() => indexedDbStore('')).toThrow('`name` must be that of a database');
    expect(() => indexedDbStore('run', { keepLast: 0 })).toThrow('`keepLast` must be a whole number');
  });
});
