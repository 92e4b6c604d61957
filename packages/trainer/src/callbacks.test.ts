import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainCallback } from './callbacks';
import { memoryStore } from './checkpoint/memory-store';
import { tinyModel, tinySource } from './fixtures/tiny';
import { resume } from './resume';
import { train } from './train';

beforeAll(() => tf.setBackend('cpu'));

const trainData = tinySource();
const validationData = tinySource({ size: 6, shuffle: false });

/** Counts steps over all sessions. */
function counter(name = 'counter'): TrainCallback & { steps: number } {
  const callback = {
    steps: 0,
    state: {
      name,
      save: () => ({ steps: callback.steps }),
      restore: (saved: unknown) => {
        callback.steps = (saved as { steps: number }).steps;
      },
    },
    onStep: () => {
      callback.steps++;
    },
  };
  return callback;
}

describe('callbacks', () => {
  it('can end the run within an epoch, which is validated and saved', async () => {
    const store = memoryStore();
    const stopping: TrainCallback = {
      onStep: ({ step }, control) => {
        if (step === 4) control.stop('enough');
        if (step === 4) control.stop('too late to tell');
      },
    };
    const options = { model: tinyModel(), trainData, validationData, store, config: { epochs: 3 } };
    const result = await train({ ...options, callbacks: [stopping] });
    expect(result).toMatchObject({ stopped: 'early', reason: 'enough', step: 4, epoch: 1 });
    expect(result.validation?.count).toBe(6);
    expect(result.checkpoint).toBe('step-0000004');
    const rest = await resume({ model: tinyModel(), trainData, validationData, store });
    expect(rest).toMatchObject({ stopped: 'completed', reason: null, step: 9 });
  });

  it('can end the run before its first step and after an epoch', async () => {
    const options = { trainData, validationData, config: { epochs: 3 } };
    const stop: TrainCallback['onTrainBegin'] = (_, control) => control.stop('no need');
    expect(
      await train({ ...options, model: tinyModel(), callbacks: [{ onTrainBegin: stop }] }),
    ).toMatchObject({ stopped: 'early', step: 0 });
    const onEpochEnd: TrainCallback['onEpochEnd'] = ({ epoch }, control) => {
      if (epoch === 2) control.stop('no better');
    };
    const result = await train({ ...options, model: tinyModel(), callbacks: [{ onEpochEnd }] });
    expect(result).toMatchObject({ stopped: 'early', reason: 'no better', step: 6, epoch: 2 });
  });

  it('can have a checkpoint written after any step', async () => {
    const saved: number[] = [];
    const callback: TrainCallback = {
      onStep: ({ step }, control) => {
        if (step === 2 || step === 5) control.save();
      },
      onCheckpoint: ({ step }) => void saved.push(step),
    };
    const config = { epochs: 2 };
    await train({ model: tinyModel(), trainData, store: memoryStore(), config, callbacks: [callback] });
    expect(saved).toEqual([2, 3, 5, 6]);
  });

  it('find their state again in a resumed run', async () => {
    const store = memoryStore();
    const first = counter();
    await train({
      model: tinyModel(),
      trainData,
      store,
      config: { epochs: 2, maxSteps: 4 },
      callbacks: [first],
    });
    expect(first.steps).toBe(4);
    const second = counter();
    const other = counter('other');
    const config = { maxSteps: null };
    await resume({ model: tinyModel(), trainData, store, config, callbacks: [second, other] });
    expect([second.steps, other.steps]).toEqual([6, 2]);
    // Who is left out of a session finds what it kept before.
    await resume({ model: tinyModel(), trainData, store, config: { epochs: 3 } });
    const third = counter();
    await resume({ model: tinyModel(), trainData, store, config: { epochs: 4 }, callbacks: [third] });
    expect(third.steps).toBe(9);
  });

  it('cannot keep two states under one name', async () => {
    const options = { model: tinyModel(), trainData, config: { epochs: 1 } };
    await expect(train({ ...options, callbacks: [counter(), counter()] })).rejects.toThrow(
      "train: `callbacks` must keep their states under different names, received 'counter' twice",
    );
  });
});
