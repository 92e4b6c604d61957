import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RollbackEvent, TrainCallback } from './callbacks';
import { memoryStore } from './checkpoint/memory-store';
import type { TrainConfig } from './config/train-config';
import { DivergenceError } from './divergence';
import { weightBits } from './fixtures/exact';
import { steepModel, tinySource } from './fixtures/tiny';
import { metricsFile, readMetrics } from './node/metrics-file';
import { resume } from './resume';
import { type TrainOptions, train } from './train';

beforeAll(() => tf.setBackend('cpu'));

const config: TrainConfig = {
  epochs: 3,
  optimizer: { name: 'sgd', momentum: 0 },
  schedule: { name: 'constant', learningRate: 1e12 },
  onDivergence: { rollback: 2, factor: 1e-6 },
  logEverySteps: 1,
};
const trainData = tinySource();

async function run(options: Partial<TrainOptions> = {}) {
  const events: RollbackEvent[] = [];
  const model = steepModel();
  const watch: TrainCallback = { onRollback: (event) => void events.push(event) };
  const result = await train({
    model,
    trainData,
    config,
    ...options,
    callbacks: [watch, ...(options.callbacks ?? [])],
  });
  return { result, events, bits: await weightBits(model) };
}

describe('onDivergence', () => {
  it('goes back with a lower rate until it learns, and tells each time', async () => {
    const tensors = tf.memory().numTensors;
    const { result, events } = await run();
    expect(result).toMatchObject({ stopped: 'completed', step: 9 });
    expect(result.history.map(({ learningRate }) => learningRate)).toEqual([
      1e12 * 1e-6,
      1e12 * (1e-6 * 1e-6),
      1e12 * (1e-6 * 1e-6),
    ]);
    expect(result.history.every(({ loss }) => Number.isFinite(loss))).toBe(true);
    expect(events).toMatchObject([
      { step: 3, toStep: 0, toEpoch: 0, learningRateFactor: 1e-6 },
      { toStep: 3, toEpoch: 1, learningRateFactor: 1e-6 * 1e-6 },
    ]);
    expect(events[0]!.reason).toContain('the loss must stay finite');
    // The model alone.
    expect(tf.memory().numTensors).toBe(tensors + 2);
  });

  it('does the same with a store and without', async () => {
    const [without, within] = [await run(), await run({ store: memoryStore() })];
    expect(within.bits).toEqual(without.bits);
    expect(within.events).toEqual(without.events);
  });

  it('gives the weights of a run that had the last rate from the checkpoint on', async () => {
    const { bits } = await run({ config: { ...config, onDivergence: { rollback: 1, factor: 1e-12 } } });
    const plain = await run({
      config: { ...config, schedule: { name: 'constant', learningRate: 1e12 * 1e-12 }, onDivergence: 'stop' },
    });
    expect(bits).toEqual(plain.bits);
  });

  it('gives up in the end, and names what was tried', async () => {
    const attempt = run({ config: { ...config, onDivergence: { rollback: 2, factor: 0.5 } } });
    await expect(attempt).rejects.toThrow(DivergenceError);
    await expect(attempt).rejects.toThrow(
      'after trying again from step 0 with the learning rate × 0.5, from step 0 with the learning rate × 0.25; begin with a lower',
    );
  });

  it('takes the states of callbacks back with the run, and what they asked for', async () => {
    let seen = 0;
    const counter: TrainCallback = {
      state: {
        name: 'counter',
        save: () => seen,
        restore: (saved) => {
          seen = saved as number;
        },
      },
      onStep(_, control) {
        seen++;
        // Only what has diverged gets there: its first epoch takes three steps.
        if (events.length === 0 && seen === 3) control.stop('too soon');
      },
    };
    const events: RollbackEvent[] = [];
    const { result } = await run({
      callbacks: [counter, { onRollback: (event) => void events.push(event) }],
      store: memoryStore(),
    });
    expect(result).toMatchObject({ stopped: 'completed', reason: null, step: 9 });
    expect(seen).toBe(9);
  });

  it('may be stated on a resume, of a run that has stopped there', async () => {
    const store = memoryStore();
    await expect(
      run({
        store,
        config: { ...config, schedule: { name: 'constant', learningRate: 1e6 }, onDivergence: 'stop' },
      }),
    ).rejects.toThrow('must stay finite');
    expect(await store.list()).toEqual(['step-0000003']);
    const again = { trainData, store, config: { onDivergence: { rollback: 1, factor: 1e-6 } } };
    const result = await resume({ model: steepModel(), ...again });
    expect(result).toMatchObject({ stopped: 'completed', step: 9 });
    expect((await store.latest()).found!.checkpoint.state).toMatchObject({
      learningRateFactor: 1e-6,
      rollbacks: [{ toStep: 3, learningRateFactor: 1e-6 }],
    });
  });

  it('finds the checkpoint again where saves within the epoch have come since', async () => {
    const saving: TrainCallback = { onStep: (_, control) => control.save() };
    const often = await run({ store: memoryStore({ keepLast: 1 }), callbacks: [saving] });
    expect(often.bits).toEqual((await run()).bits);
  });
});

describe('metricsFile', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'xcp-rollback-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('drops the rows of the steps that a rollback undid', async () => {
    const path = join(folder, 'metrics.jsonl');
    await run({ callbacks: [metricsFile(path)] });
    const rows = readMetrics(path);
    expect(rows.filter(({ kind }) => kind === 'log').map(({ step }) => step)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    expect(rows.filter(({ kind }) => kind === 'epoch').map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  });
});
