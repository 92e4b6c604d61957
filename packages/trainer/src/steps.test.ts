import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BatchSource } from './batch';
import type { EpochEndEvent, StepEvent, TrainCallback } from './callbacks';
import { memoryStore } from './checkpoint/memory-store';
import type { TrainConfig } from './config/train-config';
import { weightBits } from './fixtures/exact';
import { tinyModel, tinySource } from './fixtures/tiny';
import { metricsFile, readMetrics } from './node/metrics-file';
import { resume } from './resume';
import { train } from './train';

beforeAll(() => tf.setBackend('cpu'));

const trainData = tinySource();
const validationData = tinySource({ size: 6, shuffle: false });
const constant = { name: 'constant', learningRate: 0.05 } as const;

describe('a run planned in steps', () => {
  it('draws the schedule over them, and validates and records the last epoch, though it is incomplete', async () => {
    const rates: number[] = [];
    const epochs: EpochEndEvent[] = [];
    let last: StepEvent | undefined;
    const watch: TrainCallback = {
      onStep: (event) => {
        last = event;
        rates.push(event.learningRate);
      },
      onEpochEnd: (event) => void epochs.push(event),
    };
    const store = memoryStore();
    const config: TrainConfig = {
      steps: 8,
      schedule: { name: 'linear', learningRate: 0.08, finalLearningRate: 0 },
      validateEveryEpochs: 5,
    };
    const result = await train({
      model: tinyModel(),
      trainData,
      validationData,
      config,
      store,
      callbacks: [watch],
    });
    expect(result).toMatchObject({ stopped: 'completed', step: 8, epoch: 3, checkpoint: 'step-0000008' });
    rates.forEach((rate, i) => {
      expect(rate).toBeCloseTo(0.01 * (8 - i), 12);
    });
    expect(last).toMatchObject({ totalSteps: 8, epochs: 3, epoch: 3 });
    expect(epochs.map(({ step, complete, validation }) => [step, complete, validation !== null])).toEqual([
      [3, true, false],
      [6, true, false],
      [8, true, true],
    ]);
    expect(result.history.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 3],
      [2, 6],
      [3, 8],
    ]);
    // The loss of the two steps of the last epoch alone.
    expect(result.history[2]!.loss).not.toBe(result.history[1]!.loss);
    expect(result.best).toMatchObject({ epoch: 3, step: 8 });
    expect((await store.best()).found!.name).toBe('step-0000008');
    const again = await resume({ model: tinyModel(), trainData, validationData, store });
    expect(again).toMatchObject({ stopped: 'completed', step: 8, epoch: 3, history: result.history });
  });

  it('is that of as many epochs where they come out even', async () => {
    const [steps, epochs] = [tinyModel(), tinyModel()];
    const schedule = { name: 'cosine' } as const;
    const a = await train({ model: steps, trainData, config: { steps: 6, schedule } });
    const b = await train({ model: epochs, trainData, config: { epochs: 2, schedule } });
    expect(a).toMatchObject({ stopped: 'completed', step: b.step, epoch: b.epoch });
    expect(await weightBits(steps)).toEqual(await weightBits(epochs));
  });

  it('can be extended, and then completes the epoch that it had left', async () => {
    const store = memoryStore();
    const config: TrainConfig = { steps: 7, schedule: constant };
    await train({ model: tinyModel(), trainData, validationData, config, store });
    const model = tinyModel();
    const extended = { model, trainData, validationData, store, config: { steps: 10 } };
    const result = await resume(extended);
    const whole = tinyModel();
    const expected = await train({
      model: whole,
      trainData,
      validationData,
      config: { ...config, steps: 10 },
    });
    expect(await weightBits(model)).toEqual(await weightBits(whole));
    const figures = ({ history }: typeof result) => history.map(({ seconds: _, ...rest }) => rest);
    expect(figures(result)).toEqual(figures(expected));
    await expect(resume({ ...extended, model: tinyModel(), config: { steps: 9 } })).rejects.toThrow(
      'resume: `steps` must be at least 10, those done, received 9',
    );
    const drawn = memoryStore();
    await train({
      model: tinyModel(),
      trainData,
      store: drawn,
      config: { steps: 2, schedule: { name: 'cosine' } },
    });
    await expect(
      resume({ model: tinyModel(), trainData, store: drawn, config: { steps: 4 } }),
    ).rejects.toThrow('resume: `steps` must stay 2, received 4; its `schedule` is drawn over the whole run');
  });

  it('validates the incomplete last epoch again whose validation was aborted', async () => {
    const controller = new AbortController();
    const slow: BatchSource = {
      ...validationData,
      *batches(epoch, startStep) {
        controller.abort();
        yield* validationData.batches(epoch, startStep);
      },
    };
    const store = memoryStore();
    const { signal } = controller;
    const config: TrainConfig = { steps: 2, schedule: constant };
    const stopped = await train({
      model: tinyModel(),
      trainData,
      validationData: slow,
      store,
      config,
      signal,
    });
    expect(stopped).toMatchObject({ stopped: 'aborted', step: 2, epoch: 0 });
    const result = await resume({ model: tinyModel(), trainData, validationData, store });
    expect(result).toMatchObject({ stopped: 'completed', step: 2, epoch: 1 });
    expect(result.history[0]!.validation).not.toBeNull();
  });
});

describe('metricsFile', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'xcp-steps-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps the row of the incomplete last epoch, until the run is extended', async () => {
    const callbacks = [metricsFile(join(folder, 'metrics.jsonl'))];
    const store = memoryStore();
    const run = { trainData, validationData, store, callbacks };
    const rows = () =>
      readMetrics(join(folder, 'metrics.jsonl')).flatMap(({ kind, epoch, step }) =>
        kind === 'epoch' ? [[epoch, step]] : [],
      );
    await train({ ...run, model: tinyModel(), config: { steps: 4, schedule: constant } });
    expect(rows()).toEqual([
      [1, 3],
      [2, 4],
    ]);
    await resume({ ...run, model: tinyModel() });
    expect(rows()).toEqual([
      [1, 3],
      [2, 4],
    ]);
    await resume({ ...run, model: tinyModel(), config: { steps: 6 } });
    expect(rows()).toEqual([
      [1, 3],
      [2, 6],
    ]);
  });
});
