import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Batch, BatchSource } from './batch';
import type { LogEvent, StepEvent, TrainCallback } from './callbacks';
import { memoryStore } from './checkpoint/memory-store';
import type { ScheduleConfig } from './config/schedule-config';
import { figuresOf, weightBits } from './fixtures/exact';
import { type SyncSource, steepModel, tinyModel, tinySource } from './fixtures/tiny';
import { type TrainOptions, train } from './train';

beforeAll(() => tf.setBackend('cpu'));

const constant = (learningRate: number): ScheduleConfig => ({ name: 'constant', learningRate });
const validationData = tinySource({ size: 6, shuffle: false });

/** A source whose batches are changed on the way. */
function changed(source: SyncSource, change: (batch: Batch) => Batch): BatchSource {
  const batches = function* (epoch: number, startStep: number) {
    for (const batch of source.batches(epoch, startStep)) yield change(batch);
  };
  return { ...source, batches };
}

describe('train', () => {
  it('learns, validates every epoch and keeps the best', async () => {
    const schedule = constant(0.1);
    const store = memoryStore();
    const model = tinyModel();
    const config = { epochs: 8, schedule };
    const result = await train({ model, trainData: tinySource(), validationData, config, store });
    expect(result).toMatchObject({ stopped: 'completed', step: 24, epoch: 8, checkpoint: 'step-0000024' });
    expect(result.history.map(({ epoch, step }) => [epoch, step])).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((epoch) => [epoch, 3 * epoch]),
    );
    expect(result.history.at(-1)!.loss).toBeLessThan(result.history[0]!.loss * 0.6);
    const accuracies = result.history.map(({ validation }) => validation!.accuracy);
    expect(result.best!.accuracy).toBe(Math.max(...accuracies));
    expect(result.best!.epoch).toBe(accuracies.indexOf(result.best!.accuracy!) + 1);
    const { found } = await store.best();
    expect(found!.checkpoint.state.step).toBe(result.best!.step);
  });

  it('gives the same bits where batches are awaited and lie in memory that is written again', async () => {
    const memory = new Float32Array(4 * 16);
    let held = 0;
    const batches = async function* (epoch: number, startStep: number) {
      for (const batch of tinySource().batches(epoch, startStep)) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        memory.set(batch.images);
        held++;
        yield { ...batch, images: memory.subarray(0, batch.images.length) };
        held--;
        memory.fill(Number.NaN);
      }
    };
    const run = async (trainData: BatchSource) => {
      const model = tinyModel();
      await train({ model, trainData, validationData, config: { epochs: 2, schedule: constant(0.1) } });
      return weightBits(model);
    };
    const plain = tinySource();
    expect(await run({ ...plain, batches })).toEqual(await run(plain));
    // Each epoch was left at its last batch.
    expect(held).toBe(2);
  });

  it('trains on mixed images: by shares of 1 as on whole ones, by others otherwise, and leaks no tensor', async () => {
    const run = async (share: number | undefined) => {
      const tensors: number[] = [];
      const trainData = changed(tinySource(), (batch) => {
        tensors.push(tf.memory().numTensors);
        const labels = batch.labels.map((label) => (label + 1) % 3);
        const shares = new Float32Array(labels.length).fill(share ?? 0);
        return share === undefined ? batch : { ...batch, mixed: { labels, shares } };
      });
      const config = { epochs: 2, schedule: constant(0.1), labelSmoothing: 0.1 };
      const { history } = await train({ model: tinyModel(), trainData, config });
      expect(new Set(tensors.slice(2)).size).toBe(1);
      return history.at(-1)!.loss;
    };
    const whole = await run(undefined);
    expect(await run(1)).toBeCloseTo(whole, 5);
    expect(Math.abs((await run(0.5)) - whole)).toBeGreaterThan(0.05);
  });

  it('refuses mixed labels that do not fit', async () => {
    const run = (mixed: NonNullable<Batch['mixed']>) =>
      train({
        model: tinyModel(),
        trainData: changed(tinySource(), (batch) => ({ ...batch, mixed })),
        config: { epochs: 1 },
      });
    const labels = new Int32Array(4);
    const shares = new Float32Array(4);
    await expect(run({ labels: labels.subarray(1), shares })).rejects.toThrow(
      '`mixed` must hold 4 labels and shares',
    );
    await expect(run({ labels, shares: shares.map(() => 1.5) })).rejects.toThrow('from 0 to 1, received 1.5');
    await expect(run({ labels: labels.map(() => 3), shares })).rejects.toThrow('labels must be from 0 to 2');
  });

  it('adds the penalty of every layer once to the loss it reports', async () => {
    const report = async (l2: number) => {
      const kernelRegularizer = l2 > 0 ? tfl.regularizers.l2({ l2 }) : undefined;
      const shared = tfl.layers.dense({
        units: 16,
        useBias: false,
        kernelInitializer: 'identity',
        kernelRegularizer,
      });
      const input = tfl.input({ shape: [4, 4, 1] });
      const flat = tfl.layers.flatten().apply(input);
      const twice = shared.apply(shared.apply(flat) as tfl.SymbolicTensor);
      const head = tfl.layers.dense({ units: 3, kernelInitializer: 'zeros' });
      const model = tfl.model({ inputs: input, outputs: head.apply(twice) as tfl.SymbolicTensor });
      let loss = 0;
      const onStep = (event: StepEvent) => {
        loss = event.loss;
      };
      await train({
        model,
        trainData: tinySource(),
        config: { epochs: 1, maxSteps: 1 },
        callbacks: [{ onStep }],
      });
      return loss;
    };
    expect(await report(0)).toBeCloseTo(Math.log(3), 6);
    // An identity of 16 ones.
    expect(await report(0.01)).toBeCloseTo(Math.log(3) + 0.16, 6);
  });

  it('projects weights by the constraints of their layers after every step', async () => {
    const kernelConstraint = tfl.constraints.nonNeg();
    const dense = tfl.layers.dense({ units: 3, kernelInitializer: 'zeros', kernelConstraint });
    const model = tfl.sequential({ layers: [tfl.layers.flatten({ inputShape: [4, 4, 1] }), dense] });
    const kernels: number[][] = [];
    const onStep = () => void kernels.push([...dense.getWeights()[0]!.dataSync()]);
    await train({ model, trainData: tinySource(), config: { epochs: 1 }, callbacks: [{ onStep }] });
    expect(kernels).toHaveLength(3);
    for (const kernel of kernels) {
      expect(Math.min(...kernel)).toBe(0);
      expect(Math.max(...kernel)).toBeGreaterThan(0);
    }
  });

  it('leaves the number of tensors as it was at every step and in the end', async () => {
    const model = tinyModel();
    const before = tf.memory().numTensors;
    const counts: number[] = [];
    const callbacks = [{ onStep: () => void counts.push(tf.memory().numTensors) }];
    const config = { epochs: 3, schedule: constant(0.1), optimizer: { name: 'adam' } as const };
    await train({ model, trainData: tinySource(), validationData, config, callbacks, store: memoryStore() });
    expect(counts).toHaveLength(9);
    expect(new Set(counts).size).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('tells of every step, and of exact means at every log event, however often the device is read', async () => {
    const runOnce = async (tick: number) => {
      let now = 0;
      const clock = () => {
        now += tick;
        return now;
      };
      const steps: StepEvent[] = [];
      const logs: LogEvent[] = [];
      const callbacks: TrainCallback[] = [
        { onStep: (event) => void steps.push(event), onLog: (event) => void logs.push(event) },
      ];
      const config = { epochs: 2, logEverySteps: 2, schedule: constant(0.1) };
      await train({ model: tinyModel(), trainData: tinySource(), config, callbacks, clock });
      return { steps, logs };
    };
    const often = await runOnce(1000);
    const seldom = await runOnce(0.001);
    expect(often.steps.map(({ step, epoch }) => [step, epoch])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 2],
      [5, 2],
      [6, 2],
    ]);
    expect(often.logs.map(({ step }) => step)).toEqual([2, 4, 6]);
    const means = ({ logs }: typeof often) => logs.map(({ loss, accuracy }) => [loss, accuracy]);
    expect(means(seldom)).toEqual(means(often));
    // Steps 1 and 2 hold 4 images each: the event means over both.
    expect(often.logs[0]!.loss).toBe(often.steps[1]!.loss);
    expect(often.steps[5]).toMatchObject({ totalSteps: 6, epochs: 2, learningRate: 0.1, secondsLeft: 0 });
    // Every step takes several ticks of a second, and has 10 / 3 images on average.
    const { imagesPerSecond, secondsLeft } = often.steps[3]!;
    expect(secondsLeft).toBeCloseTo((2 * 10) / 3 / imagesPerSecond, 9);
  });

  it('stops at maxSteps within an epoch, validated, and can go on as if it had not', async () => {
    const config = { epochs: 3, schedule: { name: 'oneCycle', maxLearningRate: 0.2 } as const };
    const whole = tinyModel();
    const expected = await train({ model: whole, trainData: tinySource(), validationData, config });

    const store = memoryStore();
    const ends: boolean[] = [];
    const callbacks: TrainCallback[] = [{ onEpochEnd: ({ complete }) => void ends.push(complete) }];
    const options = { trainData: tinySource(), validationData, store, callbacks };
    const cut = await train({ ...options, model: tinyModel(), config: { ...config, maxSteps: 5 } });
    expect(cut).toMatchObject({ stopped: 'maxSteps', step: 5, epoch: 1, checkpoint: 'step-0000005' });
    expect(cut.validation!.count).toBe(6);
    expect(ends).toEqual([true, false]);

    const { found } = await store.latest();
    const model = tinyModel();
    const result = await train({
      ...options,
      model,
      config: { maxSteps: null },
      resumeFrom: found!.checkpoint,
    });
    expect(figuresOf(result)).toEqual(figuresOf(expected));
    expect(await weightBits(model)).toEqual(await weightBits(whole));
  });

  it('ends after the step in which it is aborted, with a checkpoint', async () => {
    const controller = new AbortController();
    const onStep = ({ step }: StepEvent) => {
      if (step === 4) controller.abort();
    };
    const store = memoryStore();
    const { signal } = controller;
    const options = { trainData: tinySource(), validationData, config: { epochs: 3 }, store, signal };
    const result = await train({ ...options, model: tinyModel(), callbacks: [{ onStep }] });
    expect(result).toMatchObject({ stopped: 'aborted', step: 4, epoch: 1, checkpoint: 'step-0000004' });
    expect((await store.latest()).found!.checkpoint.state).toMatchObject({
      step: 4,
      stepInEpoch: 1,
      epoch: 1,
    });
  });

  it('lets timers run while it trains', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 0);
    let now = 0;
    const clock = () => {
      now += 60;
      return now;
    };
    const { signal } = controller;
    const options = { model: tinyModel(), trainData: tinySource(), signal, clock };
    const result = await train({ ...options, config: { epochs: 1000 } });
    expect(result.stopped).toBe('aborted');
    expect(result.step).toBeLessThan(100);
  });

  it('saves, besides what is due, the best and the last epoch', async () => {
    const saved: [string, boolean][] = [];
    const callbacks: TrainCallback[] = [{ onCheckpoint: ({ name, best }) => void saved.push([name, best]) }];
    const config = { epochs: 5, checkpointEveryEpochs: 2, validateEveryEpochs: 3, schedule: constant(1e-6) };
    const store = memoryStore({ keepLast: 1 });
    const result = await train({
      model: tinyModel(),
      trainData: tinySource(),
      validationData,
      config,
      callbacks,
      store,
    });
    expect(result.history.map(({ validation }) => validation !== null)).toEqual([
      false,
      false,
      true,
      false,
      true,
    ]);
    // The rate is so low that the first validation stays the best.
    expect(saved).toEqual([
      ['step-0000006', false],
      ['step-0000009', true],
      ['step-0000012', false],
      ['step-0000015', false],
    ]);
    expect(await store.list()).toEqual(['step-0000015', 'step-0000009']);
  });
});

it('holds as many tensors after 1,000 steps as after the first', async () => {
  const seen = new Set<number>();
  const onStep = () => void seen.add(tf.memory().numTensors);
  const mixed = changed(tinySource(), (batch) =>
    batch.labels.length < 4
      ? batch
      : { ...batch, mixed: { labels: batch.labels, shares: new Float32Array(4).fill(0.5) } },
  );
  await train({
    model: steepModel(),
    trainData: mixed,
    validationData,
    config: {
      steps: 1000,
      schedule: constant(0.01),
      optimizer: { name: 'adam' },
      microBatchSize: 3,
      clipNorm: 1,
      validateEveryEpochs: 50,
      logEverySteps: 10,
    },
    callbacks: [{ onStep }],
  });
  expect(seen.size).toBe(1);
});

describe('train, given what cannot be trained', () => {
  const config = { epochs: 2, schedule: constant(0.1) };
  const attempt = ({ model = tinyModel(), ...options }: Partial<TrainOptions>) =>
    train({ model, trainData: tinySource(), config, ...options });

  it('stops at a loss that is not finite, names step and rate, and keeps the checkpoint of the epoch before', async () => {
    const store = memoryStore();
    let seen = 0;
    const trainData = changed(tinySource(), (batch) => {
      seen++;
      return seen === 5 ? { ...batch, images: batch.images.map(() => Number.NaN) } : batch;
    });
    const model = tinyModel();
    const before = tf.memory().numTensors;
    await expect(attempt({ model, store, trainData })).rejects.toThrow(
      'train: the loss must stay finite, received NaN at step 5 with learning rate 0.1; try a lower learning rate',
    );
    expect(await store.list()).toEqual(['step-0000003']);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('saves no weights that the last step of an epoch made infinite', async () => {
    const store = memoryStore();
    await expect(
      attempt({ store, config: { epochs: 1, maxSteps: 1, schedule: constant(1e39) } }),
    ).rejects.toThrow('must stay finite');
    expect(await store.list()).toEqual([]);
  });

  it.each([
    [
      'labels',
      { labels: Int32Array.of(0, 1, 2, 3) },
      'labels must be from 0 to 2, one per output of the model, received 3',
    ],
    ['shape', { shape: [4, 4, 2, 2] }, "must have the model's input shape [null,4,4,1], received [4,4,2,2]"],
    ['images', { images: new Float32Array(5) }, 'must hold 64 values and 4 labels, received 5 and 4'],
  ])('refuses a batch with wrong %s', async (_, wrong, message) => {
    const trainData = changed(tinySource(), (batch) => ({ ...batch, ...wrong }) as Batch);
    await expect(attempt({ trainData })).rejects.toThrow(message);
  });

  it('refuses a source that ends too early or is empty', async () => {
    await expect(attempt({ trainData: { ...tinySource(), stepsPerEpoch: 4 } })).rejects.toThrow(
      '`trainData` must give 4 batches per epoch, received 3',
    );
    await expect(attempt({ trainData: { ...tinySource(), size: 0 } })).rejects.toThrow(
      '`trainData.size` must be positive, received 0',
    );
  });

  it('refuses a model that does not end in logits', async () => {
    const softmax = tinyModel() as tfl.Sequential;
    softmax.add(tfl.layers.softmax({ name: 'softmax' }));
    await expect(attempt({ model: softmax })).rejects.toThrow("must end in logits, received 'softmax'");
    const dense = tfl.sequential({
      layers: [
        tfl.layers.flatten({ inputShape: [4, 4, 1] }),
        tfl.layers.dense({ units: 3, activation: 'softmax' }),
      ],
    });
    await expect(attempt({ model: dense })).rejects.toThrow("build it with activation 'linear'");
    const map = tfl.sequential({
      layers: [tfl.layers.conv2d({ inputShape: [4, 4, 1], filters: 3, kernelSize: 1 })],
    });
    await expect(attempt({ model: map })).rejects.toThrow('one output of shape [null, classes]');
  });

  it('refuses a store that holds another run', async () => {
    const store = memoryStore();
    await attempt({ store });
    await expect(attempt({ store })).rejects.toThrow(
      "must be empty for a new run, received one that holds 'step-0000006'",
    );
  });

  it('ends with the error of a callback and frees its tensors', async () => {
    const model = tinyModel();
    const before = tf.memory().numTensors;
    const onStep = () => {
      throw new Error('enough');
    };
    await expect(attempt({ model, callbacks: [{ onStep }] })).rejects.toThrow('enough');
    expect(tf.memory().numTensors).toBe(before);
  });
});
