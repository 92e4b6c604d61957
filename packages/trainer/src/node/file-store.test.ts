import * as nodeFs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Best } from '../checkpoint/state';
import type { Checkpoint } from '../checkpoint/store';
import { resolveConfig } from '../config/train-config';
import { contentsOf, figuresOf, weightBits } from '../fixtures/exact';
import { tinyModel, tinySource } from '../fixtures/tiny';
import { resume } from '../resume';
import { noTotals } from '../totals';
import { train } from '../train';
import { fileStore } from './file-store';
import type { FileSystem } from './file-system';

let parent: string;
let directory: string;

beforeAll(() => tf.setBackend('cpu'));
beforeEach(async () => {
  parent = await nodeFs.mkdtemp(join(tmpdir(), 'store-'));
  directory = join(parent, 'run', 'checkpoints');
});
afterEach(() => nodeFs.rm(parent, { recursive: true }));

function checkpoint(step: number, best: Best | null = null): Checkpoint {
  const versions = { engine: 'cpu', 'tfjs-core': '', 'tfjs-layers': '' };
  return {
    weights: { 'a/kernel': { dtype: 'float32', shape: [2], data: Float32Array.of(step, -0) } },
    optimizer: { 'a/kernel/velocity': { dtype: 'float32', shape: [2], data: Float32Array.of(0.1, step) } },
    state: {
      format: 1,
      step,
      epoch: 1,
      stepInEpoch: 0,
      stepsPerEpoch: 100,
      examplesPerEpoch: 1000,
      config: resolveConfig({ epochs: 9 }),
      epochTotals: { examples: 30, loss: 0.1 + 0.2, correct: 3 },
      logTotals: noTotals,
      history: [],
      best,
      before: { schedule: 0, optimizer: 0 },
      microBatchSize: null,
      validationBatchSize: null,
      learningRateFactor: 1,
      rollbackStep: null,
      rollbacks: [],
      callbacks: {},
      seconds: 1.5,
      versions,
    },
  };
}

const bestAt = (step: number): Best => ({ epoch: 1, step, loss: 1, accuracy: 0.5 });

/** A file system in which one function fails on paths that match. */
function failing(name: keyof FileSystem, pattern: RegExp, code: string): FileSystem {
  const { [name]: original } = nodeFs as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  const broken = async (path: string, ...rest: unknown[]) => {
    if (pattern.test(path)) throw Object.assign(new Error(`${code}: injected`), { code });
    return original!(path, ...rest);
  };
  return { ...nodeFs, [name]: broken };
}

describe('fileStore', () => {
  it('keeps averages in a file of their own, proved as the others are', async () => {
    const store = fileStore(directory);
    const ema = { 'a/kernel': { dtype: 'float32' as const, shape: [2], data: Float32Array.of(-0, 1e-42) } };
    const saved = { ...checkpoint(1400), ema };
    await store.save(saved);
    expect((await store.latest()).found!.checkpoint).toEqual(saved);
    const path = join(directory, 'step-0001400', 'ema.safetensors');
    await nodeFs.truncate(path, 10);
    await expect(store.load('step-0001400')).rejects.toThrow('ema.safetensors must have');
    await nodeFs.rm(path);
    await expect(store.load('step-0001400')).rejects.toThrow('ema.safetensors is missing');
  });

  it('gives back exactly what was saved', async () => {
    const store = fileStore(directory);
    expect(await store.list()).toEqual([]);
    expect(await store.latest()).toEqual({ found: null, passedOver: [] });
    expect(await store.save(checkpoint(1400))).toBe('step-0001400');
    expect(await store.latest()).toEqual({
      found: { name: 'step-0001400', checkpoint: checkpoint(1400) },
      passedOver: [],
    });
    expect((await nodeFs.readdir(join(directory, 'step-0001400'))).sort()).toEqual([
      'manifest.json',
      'optimizer.safetensors',
      'state.json',
      'weights.safetensors',
    ]);
  });

  it('keeps the last and the best', async () => {
    const store = fileStore(directory);
    await store.save(checkpoint(100, bestAt(100)));
    await store.save(checkpoint(200, bestAt(100)));
    await store.save(checkpoint(300, bestAt(100)));
    await store.save(checkpoint(400, bestAt(100)));
    expect(await store.list()).toEqual(['step-0000400', 'step-0000300', 'step-0000100']);
    expect((await store.best()).found).toEqual({
      name: 'step-0000100',
      checkpoint: checkpoint(100, bestAt(100)),
    });
    await store.save(checkpoint(500, bestAt(500)));
    expect(await store.list()).toEqual(['step-0000500', 'step-0000400']);
  });

  it('has no best where nothing was validated', async () => {
    const store = fileStore(directory);
    await store.save(checkpoint(1));
    expect(await store.best()).toEqual({ found: null, passedOver: [] });
  });

  const damage = {
    'a file cut short': [
      'weights.safetensors',
      (bytes: Buffer) => bytes.subarray(0, -1),
      'must have 80 bytes, received 79',
    ],
    'a flipped bit': [
      'optimizer.safetensors',
      (bytes: Buffer) => bytes.map((b, i) => (i === 40 ? b ^ 1 : b)),
      'must have SHA-256',
    ],
    'a changed state': [
      'state.json',
      (bytes: Buffer) => Buffer.from(String(bytes).replace('30,', '31,')),
      'must have SHA-256',
    ],
    'a damaged manifest': [
      'manifest.json',
      (bytes: Buffer) => bytes.subarray(0, 20),
      'manifest.json is damaged',
    ],
    'a missing manifest': ['manifest.json', null, 'manifest.json is missing'],
    'missing weights': ['weights.safetensors', null, 'weights.safetensors is missing'],
  } as const;
  it.each(Object.entries(damage))('passes over a checkpoint with %s', async (_, [file, change, reason]) => {
    const store = fileStore(directory);
    await store.save(checkpoint(100));
    await store.save(checkpoint(200));
    const path = join(directory, 'step-0000200', file);
    if (change) await nodeFs.writeFile(path, change(await nodeFs.readFile(path)));
    else await nodeFs.rm(path);
    const { found, passedOver } = await store.latest();
    expect(found).toEqual({ name: 'step-0000100', checkpoint: checkpoint(100) });
    expect(passedOver).toEqual([{ name: 'step-0000200', reason: expect.stringContaining(reason) }]);
    // Going on from step 100, the run saves step 200 again, whole.
    await store.save(checkpoint(200));
    expect((await store.latest()).found!.checkpoint).toEqual(checkpoint(200));
  });

  it('drops later checkpoints of a course that was left', async () => {
    const store = fileStore(directory);
    await store.save(checkpoint(100));
    await store.save(checkpoint(200));
    await nodeFs.rm(join(directory, 'step-0000200', 'manifest.json'));
    await store.save(checkpoint(150));
    expect(await store.list()).toEqual(['step-0000150', 'step-0000100']);
  });

  it.each([
    ['open', /state\.json/, 'ENOSPC'],
    ['open', /manifest\.json/, 'EIO'],
    ['mkdir', /\.tmp-/, 'EROFS'],
    ['rename', /\.tmp-/, 'EACCES'],
  ] as const)('leaves everything as it was when %s fails on %s', async (name, pattern, code) => {
    await fileStore(directory).save(checkpoint(100));
    const broken = fileStore(directory, { fs: failing(name, pattern, code) });
    await expect(broken.save(checkpoint(200))).rejects.toThrow(
      `received '${directory}' (${code}: injected); earlier checkpoints are untouched`,
    );
    expect(await nodeFs.readdir(directory)).toEqual(['step-0000100']);
    expect((await broken.latest()).found!.checkpoint).toEqual(checkpoint(100));
  });

  it('never loses a step that is saved again, wherever the save is killed', async () => {
    await fileStore(directory).save(checkpoint(100));
    const again = { ...checkpoint(100), state: { ...checkpoint(100).state, epoch: 2 } };
    // The folder is set aside, the new one is not yet in its place, and nothing can be tidied up.
    const fs = { ...failing('rename', /\.tmp-/, 'EIO'), rm: failing('rm', /\.tmp-/, 'EIO').rm };
    await expect(fileStore(directory, { fs }).save(again)).rejects.toThrow('EIO');
    const store = fileStore(directory);
    expect((await nodeFs.readdir(directory)).sort()).toEqual(['.tmp-step-0000100', 'step-0000100.old']);
    expect((await store.latest()).found).toEqual({ name: 'step-0000100.old', checkpoint: checkpoint(100) });
    await store.save(again);
    expect(await nodeFs.readdir(directory)).toEqual(['step-0000100']);
    expect((await store.latest()).found!.checkpoint).toEqual(again);
  });

  it('says so where the directory is a file, before a run begins', async () => {
    const file = join(parent, 'file');
    await nodeFs.writeFile(file, '');
    const run = train({
      model: tinyModel(),
      trainData: tinySource(),
      config: { epochs: 1 },
      store: fileStore(file),
    });
    await expect(run).rejects.toThrow(
      `\`directory\` must be a folder that can be read and written to, received '${file}' (ENOTDIR`,
    );
    await expect(fileStore(join(file, 'inside')).save(checkpoint(1))).rejects.toThrow('ENOTDIR');
    expect(() => fileStore(directory, { keepLast: 0 })).toThrow(
      '`keepLast` must be a whole number, at least 1',
    );
  });

  it('lets a run go on to the same bits as one that never stopped', async () => {
    const config = { epochs: 3, optimizer: { name: 'adam' } as const };
    const trainData = tinySource();
    const validationData = tinySource({ size: 6, shuffle: false });
    const whole = tinyModel();
    const wholeStore = fileStore(join(parent, 'whole'));
    const expected = await train({ model: whole, trainData, validationData, config, store: wholeStore });

    const store = fileStore(directory);
    await train({ model: tinyModel(), trainData, validationData, config: { ...config, maxSteps: 5 }, store });
    // The newest checkpoint is damaged, so that the run goes on from the end of the first epoch.
    await nodeFs.truncate(join(directory, 'step-0000005', 'weights.safetensors'), 9);
    const passed: string[] = [];
    const model = tinyModel();
    const result = await resume({
      model,
      trainData,
      validationData,
      store,
      config: { maxSteps: null },
      callbacks: [{ onResume: ({ name, passedOver }) => void passed.push(name, passedOver[0]!.name) }],
    });
    expect(passed).toEqual(['step-0000003', 'step-0000005']);
    expect(figuresOf(result)).toEqual(figuresOf(expected));
    expect(await weightBits(model)).toEqual(await weightBits(whole));
    const { state, ...tensors } = contentsOf((await store.latest()).found!.checkpoint);
    const golden = contentsOf((await wholeStore.latest()).found!.checkpoint);
    expect({ ...tensors, state: { ...state, config: golden.state.config } }).toEqual(golden);
  });
});
