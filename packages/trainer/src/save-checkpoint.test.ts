import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainCallback } from './callbacks';
import { memoryStore } from './checkpoint/memory-store';
import type { Checkpoint, CheckpointStore } from './checkpoint/store';
import { bits, weightBits } from './fixtures/exact';
import { tinyModel, tinySource } from './fixtures/tiny';
import { train } from './train';

beforeAll(() => tf.setBackend('cpu'));

const trainData = tinySource();

/** A store whose saves wait to be let through, and fail where an error is given. */
function gatedStore() {
  const inner = memoryStore({ keepLast: 100 });
  const waiting: { checkpoint: Checkpoint; pass(error?: Error): void }[] = [];
  let most = 0;
  const store: CheckpointStore = {
    ...inner,
    save: (checkpoint) =>
      new Promise((resolve, reject) => {
        const pass = (error?: Error) => {
          waiting.splice(waiting.indexOf(entry), 1);
          if (error) reject(error);
          else resolve(inner.save(checkpoint));
        };
        const entry = { checkpoint, pass };
        waiting.push(entry);
        most = Math.max(most, waiting.length);
      }),
  };
  return { store, waiting, most: () => most };
}

/** Lets everything that waits for nothing but its turn have it. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 1));

describe('a checkpoint', () => {
  it('is written while the run goes on, with the weights of its own step', async () => {
    const { store, waiting } = gatedStore();
    const events: string[] = [];
    const model = tinyModel();
    let atStep2 = {};
    const callback: TrainCallback = {
      async onStep({ step }, control) {
        events.push(`step ${step}`);
        if (step === 2) {
          atStep2 = await weightBits(model);
          control.save();
        }
        if (step === 5) waiting[0]!.pass();
        await turn();
      },
      onCheckpoint: ({ name }) => void events.push(name),
    };
    const config = { epochs: 2, checkpointEveryEpochs: null };
    const ended = train({ model, trainData, store, config, callbacks: [callback] });
    while (events.at(-1) !== 'step 6') await turn();
    await turn();
    waiting[0]!.pass();
    const result = await ended;
    expect(events).toEqual([
      ...['step 1', 'step 2', 'step 3', 'step 4', 'step 5', 'step-0000002', 'step 6', 'step-0000006'],
    ]);
    expect(result.checkpoint).toBe('step-0000006');
    const saved = await store.load('step-0000002');
    expect(bits(saved.weights)).toEqual(atStep2);
    expect(saved.state).toMatchObject({ step: 2, stepInEpoch: 2 });
    expect(bits((await store.load('step-0000006')).weights)).toEqual(await weightBits(model));
  });

  it('waits for the one before it, so that one is written at a time', async () => {
    const { store, waiting, most } = gatedStore();
    const steps: number[] = [];
    const callback: TrainCallback = { onStep: ({ step }) => void steps.push(step) };
    const config = { epochs: 1, checkpointEverySteps: 1, checkpointEveryEpochs: null };
    const ended = train({ model: tinyModel(), trainData, store, config, callbacks: [callback] });
    while (steps.length < 2) await turn();
    await turn();
    expect(steps).toEqual([1, 2]);
    let done = false;
    void ended.then(() => {
      done = true;
    });
    while (!done) {
      waiting[0]?.pass();
      await turn();
    }
    expect(most()).toBe(1);
    expect(await store.list()).toEqual(['step-0000003', 'step-0000002', 'step-0000001']);
  });

  it('that cannot be written ends the run at its next step, with the error', async () => {
    const { store, waiting } = gatedStore();
    const steps: number[] = [];
    const callback: TrainCallback = {
      async onStep({ step }) {
        steps.push(step);
        if (step === 4) waiting[0]!.pass(new Error('disk full'));
        await turn();
      },
    };
    const model = tinyModel();
    const tensors = tf.memory().numTensors;
    const config = { epochs: 3 };
    const ended = train({ model, trainData, store, config, callbacks: [callback] });
    await expect(ended).rejects.toThrow(/^disk full$/);
    expect(steps).toEqual([1, 2, 3, 4]);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('is waited for at the end, where the run ends with an error too', async () => {
    const { store, waiting } = gatedStore();
    const callback: TrainCallback = {
      onStep({ step }) {
        if (step === 4) throw new Error('of a callback');
      },
    };
    const options = { model: tinyModel(), trainData, store, config: { epochs: 3 } };
    let ended = false;
    const run = train({ ...options, callbacks: [callback] }).finally(() => {
      ended = true;
    });
    run.catch(() => {});
    while (waiting.length === 0) await turn();
    for (let i = 0; i < 20; i++) await turn();
    expect(ended).toBe(false);
    waiting[0]!.pass();
    await expect(run).rejects.toThrow('of a callback');
    expect(await store.list()).toEqual(['step-0000003']);
  });
});
