import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Batch, BatchSource } from './batch';
import { memoryStore } from './checkpoint/memory-store';
import { contentsOf, figuresOf, weightBits } from './fixtures/exact';
import { tinyModel, tinySource } from './fixtures/tiny';
import { resume } from './resume';
import { type TrainOptions, train } from './train';

beforeAll(() => tf.setBackend('cpu'));

const trainData = tinySource();
const validationData = tinySource({ size: 6, shuffle: false });
const config = { epochs: 3, logEverySteps: 2 };

/** A source that fails where it is asked for a batch. */
function failingAt(source: BatchSource, epoch: number, step: number): BatchSource {
  return {
    ...source,
    async *batches(given, startStep) {
      let at = startStep;
      for await (const batch of source.batches(given, startStep)) {
        if (given === epoch && at++ === step) throw new Error('the disk is gone');
        yield batch;
      }
    },
  };
}

/** Images of a validation that has no loss, whatever the weights are. */
const notNumbers: Batch = {
  images: new Float32Array(6 * 16).fill(Number.NaN),
  labels: Int32Array.of(0, 1, 2, 0, 1, 2),
  shape: [6, 4, 4, 1],
};

/** The training data with huge images from a step of the first epoch on. */
const hugeFrom = (first: number): BatchSource => ({
  ...trainData,
  *batches(epoch, startStep) {
    let step = startStep;
    for (const batch of trainData.batches(epoch, startStep)) {
      yield step++ >= first ? { ...batch, images: batch.images.map((x) => x * 3e38) } : batch;
    }
  },
});

/** Trains until it fails and gives the steps that are saved by then. */
async function savedAfterError(options: Partial<TrainOptions>, message: string, store = memoryStore()) {
  const model = tinyModel();
  const tensors = tf.memory().numTensors;
  await expect(train({ model, trainData, validationData, config, store, ...options })).rejects.toThrow(
    message,
  );
  expect(tf.memory().numTensors).toBe(tensors);
  return (await store.list()).map((name) => Number(name.slice(5)));
}

/** Resumes to the end, which must be that of a run that met no error. */
async function expectExactResume(store: ReturnType<typeof memoryStore>) {
  const whole = tinyModel();
  const wholeStore = memoryStore();
  const expected = await train({ model: whole, trainData, validationData, config, store: wholeStore });
  const model = tinyModel();
  const result = await resume({ model, trainData, validationData, store });
  expect(figuresOf(result)).toEqual(figuresOf(expected));
  expect(await weightBits(model)).toEqual(await weightBits(whole));
  const last = async (of: typeof store) => contentsOf((await of.latest()).found!.checkpoint);
  expect(await last(store)).toEqual(await last(wholeStore));
}

describe('an error', () => {
  it.each([
    [1, 1, [4, 3]],
    [1, 0, [3]],
    [0, 2, [2]],
  ])('of the data in epoch %i at batch %i leaves the last step done', async (epoch, step, steps) => {
    const store = memoryStore();
    const data = failingAt(trainData, epoch, step);
    expect(await savedAfterError({ trainData: data }, 'the disk is gone', store)).toEqual(steps);
    await expectExactResume(store);
  });

  it('of a validation leaves the steps of its epoch', async () => {
    const store = memoryStore();
    const data = failingAt(validationData, 0, 1);
    expect(await savedAfterError({ validationData: data }, 'the disk is gone', store)).toEqual([3]);
    expect((await store.latest()).found!.checkpoint.state).toMatchObject({ epoch: 0, stepInEpoch: 3 });
    await expectExactResume(store);
  });

  it('of a callback leaves the last checkpoint, for other callbacks may not know of the step', async () => {
    const onStep = ({ step }: { step: number }) => {
      if (step === 5) throw new Error('of a callback');
    };
    expect(await savedAfterError({ callbacks: [{ onStep }] }, 'of a callback')).toEqual([3]);
  });

  it('within a step leaves the last checkpoint, for moving statistics may have moved', async () => {
    const broken: BatchSource = {
      ...trainData,
      *batches(epoch, startStep) {
        for (const batch of trainData.batches(epoch, startStep)) {
          yield epoch === 1 ? { ...batch, labels: batch.labels.map(() => 9) } : batch;
        }
      },
    };
    expect(await savedAfterError({ trainData: broken }, 'labels must be from 0 to 2')).toEqual([3]);
  });

  it('before the first step leaves nothing', async () => {
    const onTrainBegin = () => {
      throw new Error('not so');
    };
    expect(await savedAfterError({ callbacks: [{ onTrainBegin }] }, 'not so')).toEqual([]);
    expect(await savedAfterError({ trainData: failingAt(trainData, 0, 0) }, 'the disk is gone')).toEqual([]);
  });

  it('is told, not that of saving', async () => {
    const store = memoryStore();
    const failing = { ...store, save: () => Promise.reject(new Error('disk full')) };
    const data = failingAt(trainData, 0, 1);
    expect(await savedAfterError({ trainData: data, store: failing }, 'the disk is gone', store)).toEqual([]);
  });

  it.each([
    ['a loss', { trainData: hugeFrom(1) }],
    ['a loss at the end of an epoch', { trainData: hugeFrom(2) }],
    ['the loss of a validation', { validationData: { ...validationData, batches: () => [notNumbers] } }],
  ])('of %s that is no longer finite leaves what was finite', async (_, data) => {
    const schedule = { name: 'constant', learningRate: 1e-6 } as const;
    const run = { ...data, config: { ...config, schedule, logEverySteps: 100 } };
    expect(await savedAfterError(run, 'must stay finite')).toEqual([]);
  });
});
