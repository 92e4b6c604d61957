import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { memoryStore } from '../checkpoint/memory-store';
import type { TrainConfig } from '../config/train-config';
import { bits, figuresOf, weightBits } from '../fixtures/exact';
import { tinyModel, tinySource } from '../fixtures/tiny';
import { resume } from '../resume';
import { train } from '../train';
import { modelWeights } from '../weights';
import type { InitReport, TrainInit } from './train-init';

beforeAll(() => tf.setBackend('cpu'));

const trainData = tinySource();
const constant = { name: 'constant', learningRate: 0.1 } as const;
const still: TrainConfig = { epochs: 1, schedule: { name: 'constant', learningRate: 1e-30 } };

/** A trained model's weights, its optimizer's slots and its steps. */
async function trained(config: TrainConfig = { epochs: 2, schedule: constant }) {
  const store = memoryStore();
  await train({ model: tinyModel(), trainData, store, config });
  const { weights, optimizer, state } = (await store.latest()).found!.checkpoint;
  return { weights, optimizer, step: state.step };
}

/** What a run told of the weights it began with, and what they were before its first step. */
async function begun(init: TrainInit, model = tinyModel()) {
  let report: InitReport | null = null;
  let weights = {};
  const onTrainBegin = async (event: { init: InitReport | null }) => {
    report = event.init;
    weights = await weightBits(model);
  };
  await train({ model, trainData, config: still, init, callbacks: [{ onTrainBegin }] });
  return { report: report as InitReport | null, weights: weights as Record<string, string> };
}

describe('init', () => {
  it('begins with the weights given, and with steps, slots and schedule of its own', async () => {
    const { weights, optimizer, step } = await trained();
    const { report, weights: first } = await begun({ weights, optimizer, step });
    expect(first).toEqual(bits(weights));
    expect(report).toEqual({ loaded: Object.keys(bits(weights)), fresh: [], left: [], optimizer: false });

    const config = { epochs: 2, schedule: { name: 'oneCycle', maxLearningRate: 0.1 } } as const;
    const other = tinyModel();
    const result = await train({ model: other, trainData, config, init: { weights, optimizer, step } });
    // As a model that simply has these weights.
    const plain = tinyModel();
    await train({ model: plain, trainData, config: still, init: { weights } });
    const { loadWeights } = await import('../weights');
    loadWeights(plain, weights);
    const expected = await train({ model: plain, trainData, config });
    expect(figuresOf(result)).toEqual(figuresOf(expected));
    expect(await weightBits(other)).toEqual(await weightBits(plain));
  });

  it('begins the averages with the weights given too', async () => {
    const { weights } = await trained();
    // Steps this small move no bit, so the average is what it began with.
    const config = { ...still, ema: { decay: 0.5, warmup: false } };
    const { ema } = await train({ model: tinyModel(), trainData, config, init: { weights } });
    const { data } = ema!.weights['head/kernel']!;
    expect(data).toEqual(weights['head/kernel']!.data);
  });

  it("with a 'fresh' head leaves the last layer as it is initialized, for other classes too", async () => {
    const { weights } = await trained();
    const model = tinyModel({ units: 3 });
    const initial = await weightBits(model);
    const { report, weights: first } = await begun({ weights, head: 'fresh' }, model);
    const headOf = (all: Record<string, string>) => [all['head/kernel'], all['head/bias']];
    expect(headOf(first)).toEqual(headOf(initial));
    expect(headOf(first)).not.toEqual(headOf(bits(weights)));
    expect(first['conv/kernel']).toEqual(bits(weights)['conv/kernel']);
    expect(report).toMatchObject({
      fresh: ['head/kernel', 'head/bias'],
      left: ['head/kernel', 'head/bias'],
    });
    const wider = await begun({ weights, head: 'fresh' }, tinyModel({ units: 5 }));
    expect(wider.weights['bn/moving_mean']).toEqual(bits(weights)['bn/moving_mean']);
  });

  it.each<TrainConfig>([
    { epochs: 4, schedule: { name: 'cosine', learningRate: 0.1 } },
    {
      epochs: 4,
      optimizer: { name: 'adam' },
      schedule: { name: 'stepDecay', learningRate: 0.05, every: { epochs: 1 } },
      momentumSchedule: { name: 'linear', value: 0.95, finalValue: 0.5 },
    },
  ])('continues schedules and optimizer, to the bits of a run that went on: %j', async (config) => {
    const whole = tinyModel();
    // The data is the same in every epoch, so that where it stands does not tell.
    const trainData = tinySource({ shuffle: false });
    const rates = async (options: Parameters<typeof train>[0]) => {
      const told: number[] = [];
      const onStep = ({ learningRate }: { learningRate: number }) => void told.push(learningRate);
      await train({ ...options, callbacks: [{ onStep }] });
      return told;
    };
    const expected = await rates({ model: whole, trainData, config });
    const store = memoryStore();
    await train({ model: tinyModel(), trainData, store, config: { ...config, maxSteps: 6 } });
    const { weights, optimizer, state } = (await store.latest()).found!.checkpoint;
    const init = { weights, optimizer, step: state.step, schedule: 'continue' } as const;
    const model = tinyModel();
    const rest = { ...config, epochs: 2 };
    expect(await rates({ model, trainData, config: rest, init })).toEqual(expected.slice(6));
    expect(await weightBits(model)).toEqual(await weightBits(whole));

    // Cut and resumed, it is the same run.
    const cut = memoryStore();
    await train({ model: tinyModel(), trainData, config: { ...rest, maxSteps: 2 }, init, store: cut });
    const resumed = tinyModel();
    await resume({ model: resumed, trainData, store: cut, config: { maxSteps: null } });
    expect(await weightBits(resumed)).toEqual(await weightBits(whole));
  });

  it('continues the schedule alone where the head is fresh or there are no slots', async () => {
    const { weights, optimizer, step } = await trained();
    const first = async (init: TrainInit) => {
      const told: number[] = [];
      const onStep = ({ learningRate }: { learningRate: number }) => void told.push(learningRate);
      const config = { epochs: 2, schedule: { name: 'linear', learningRate: 1 } } as const;
      let report: InitReport | null = null;
      const onTrainBegin = (event: { init: InitReport | null }) => {
        report = event.init;
      };
      await train({ model: tinyModel(), trainData, config, init, callbacks: [{ onStep, onTrainBegin }] });
      return { rate: told[0], optimizer: report!.optimizer as boolean };
    };
    const schedule = 'continue';
    expect(await first({ weights, step, schedule })).toEqual({ rate: 0.5, optimizer: false });
    expect(await first({ weights, step, optimizer, head: 'fresh', schedule })).toEqual({
      rate: 0.5,
      optimizer: false,
    });
    expect(await first({ weights, step, optimizer, schedule })).toEqual({ rate: 0.5, optimizer: true });
  });

  it('refuses what does not fit, with model, store and tensors as they were', async () => {
    const { weights, optimizer, step } = await trained();
    const store = memoryStore();
    const refused = async (init: TrainInit, message: string, model = tinyModel(), config: object = {}) => {
      const before = await weightBits(model);
      const tensors = tf.memory().numTensors;
      const run = train({ model, trainData, init, store, config: { epochs: 1, ...config } });
      await expect(run).rejects.toThrow(message);
      expect(await weightBits(model)).toEqual(before);
      expect(tf.memory().numTensors).toBe(tensors);
      expect(await store.list()).toEqual([]);
    };
    await refused(
      { weights },
      "`init.weights` must have the shapes of the model: 'head/kernel' float32 [32,5], not float32 [32,3], " +
        "'head/bias' float32 [5], not float32 [3]; for other classes set `head: 'fresh'`",
      tinyModel({ units: 5 }),
    );
    const { 'conv/kernel': kernel, ...others } = weights;
    await refused({ weights: others }, 'received none for conv/kernel; build the model');
    await refused({ weights: { ...weights, more: kernel! } }, 'received more besides; build the model');
    await refused({ weights: { features: kernel! } }, 'received none of them (features for conv/kernel,');
    const wrong = { ...weights, 'conv/kernel': { ...kernel!, shape: [3, 3, 2, 1] } };
    await refused(
      { weights: wrong, head: 'fresh' },
      "'conv/kernel' float32 [3,3,1,2], not float32 [3,3,2,1]; build",
    );
    await refused(
      { weights, head: 'new' as 'fresh' },
      "`head` must be one of 'keep', 'fresh', received 'new'",
    );
    await refused({ weights, schedul: 'fresh' } as TrainInit, 'did you mean `schedule`?');
    await refused(
      { weights, schedule: 'continue' },
      '`step` must be a whole number, at least 1, received null',
    );
    const slots = { weights, step, optimizer, schedule: 'continue' } as const;
    await refused(slots, '`init.optimizer` must hold the slots of this optimizer', tinyModel(), {
      optimizer: { name: 'adam' },
    });
    await refused(slots, "schedule: 'plateau' cannot be continued", tinyModel(), {
      schedule: { name: 'plateau', metric: 'loss' },
    });
  });

  it('is for a new run alone', async () => {
    const store = memoryStore();
    await train({ model: tinyModel(), trainData, store, config: { epochs: 1 } });
    const resumeFrom = (await store.latest()).found!.checkpoint;
    const init = { weights: await modelWeights(tinyModel()) };
    const run = train({ model: tinyModel(), trainData, resumeFrom, init });
    await expect(run).rejects.toThrow('`init` is for a new run, and `resumeFrom` is given');
  });
});
