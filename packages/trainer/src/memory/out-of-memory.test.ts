import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TrainCallback } from '../callbacks';
import { memoryStore } from '../checkpoint/memory-store';
import type { TrainConfig } from '../config/train-config';
import { evaluate } from '../evaluate';
import { weightBits } from '../fixtures/exact';
import { tinyModel, tinySource } from '../fixtures/tiny';
import { learningRateRangeTest } from '../range-test';
import { resume } from '../resume';
import { type TrainOptions, train } from '../train';
import { isOutOfMemory, type OutOfMemoryEvent } from './out-of-memory';

beforeAll(() => tf.setBackend('cpu'));

/** What the engine can do at the moment: images at a time in training and else. */
const room = { training: 0, otherwise: 0 };
/** Where it gives up: in the forward or the backward pass, after how many passes that it had room for. */
let where: { pass: 'forward' | 'backward'; after: number };
let passes = 0;

class Narrow extends tfl.layers.Layer {
  static readonly className = 'TestNarrow';
  override call(inputs: tf.Tensor | tf.Tensor[], { training }: { training?: boolean }): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    const most = training ? room.training : room.otherwise;
    passes++;
    const fails = passes > where.after && x.shape[0]! > most;
    const fail = () => {
      throw new Error('OOM when allocating tensor with shape[64,32]');
    };
    if (fails && (!training || where.pass === 'forward')) fail();
    const op = tf.customGrad((value) => ({
      value: tf.clone(value as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => (fails ? fail() : tf.clone(dy)) as tf.Tensor,
    }));
    return op(x);
  }
}

/** The tiny model, which gives up after its batch norm has moved the statistics. */
function narrowModel(): tfl.LayersModel {
  const { layers } = tinyModel();
  return tfl.sequential({
    layers: [...layers.slice(0, 3), new Narrow({ name: 'narrow' }), ...layers.slice(3)],
  });
}

beforeEach(() => {
  Object.assign(room, { training: Number.POSITIVE_INFINITY, otherwise: Number.POSITIVE_INFINITY });
  where = { pass: 'forward', after: 0 };
  passes = 0;
});

const trainData = tinySource({ size: 16, batchSize: 8 });
const validationData = tinySource({ size: 7, batchSize: 7, shuffle: false });
const config: TrainConfig = { epochs: 3, schedule: { name: 'constant', learningRate: 0.1 } };

async function run(options: Partial<TrainOptions> = {}) {
  const events: OutOfMemoryEvent[] = [];
  const watch: TrainCallback = { onOutOfMemory: (event) => void events.push(event) };
  const model = narrowModel();
  const before = tf.memory().numTensors;
  const result = await train({ model, trainData, config, ...options, callbacks: [watch] });
  expect(tf.memory().numTensors).toBe(before);
  return { result, events, bits: await weightBits(model) };
}

describe('memory that runs out in a step', () => {
  it.each(['forward', 'backward'] as const)(
    'of the %s pass halves the micro-batch, as if it had been so',
    async (pass) => {
      const expected = await run({ config: { ...config, microBatchSize: 2 } });
      where = { pass, after: 0 };
      room.training = 3;
      const { events, bits, result } = await run();
      expect(events).toMatchObject([
        { step: 0, during: 'training', microBatchSize: 4 },
        { step: 0, during: 'training', microBatchSize: 2 },
      ]);
      expect(events[0]!.reason).toContain('OOM when allocating');
      expect(result.step).toBe(6);
      expect(bits).toEqual(expected.bits);
    },
  );

  it.each(['forward', 'backward'] as const)(
    'of a later micro-batch, in the %s pass, undoes those before it',
    async (pass) => {
      const expected = await run({ config: { ...config, microBatchSize: 2 } });
      // The first of two micro-batches has moved the statistics and left gradients.
      where = { pass, after: passes + 1 };
      room.training = 2;
      const { events, bits } = await run({ config: { ...config, microBatchSize: 4 } });
      expect(events).toMatchObject([{ step: 0, microBatchSize: 2 }]);
      expect(bits).toEqual(expected.bits);
    },
  );

  it('in the middle of a run holds from that step on, after a resume too', async () => {
    const attempt = async (maxSteps: number | null) => {
      passes = 0;
      // Two steps have room, the third has not.
      where = { pass: 'forward', after: 2 };
      room.training = 4;
      const store = memoryStore();
      const part = await run({ config: { ...config, maxSteps }, store });
      return { ...part, store };
    };
    const whole = await attempt(null);
    expect(whole.events).toMatchObject([{ step: 2, microBatchSize: 4 }]);
    const { store } = await attempt(3);
    expect((await store.latest()).found!.checkpoint.state.microBatchSize).toBe(4);
    const model = narrowModel();
    const events: unknown[] = [];
    const callbacks = [{ onOutOfMemory: (event: OutOfMemoryEvent) => void events.push(event) }];
    await resume({ model, trainData, store, config: { maxSteps: null }, callbacks });
    expect(events).toEqual([]);
    expect(await weightBits(model)).toEqual(whole.bits);
  });

  it('of a single image ends the run with the error of the engine, and frees everything', async () => {
    room.training = 0;
    const model = narrowModel();
    const before = tf.memory().numTensors;
    await expect(train({ model, trainData, config })).rejects.toThrow('OOM when allocating tensor');
    expect(tf.memory().numTensors).toBe(before);
    await expect(learningRateRangeTest({ model, trainData })).rejects.toThrow(/^OOM when/);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('memory that runs out in an evaluation', () => {
  it('halves the batch, counts every image once, and tells', async () => {
    const model = narrowModel();
    const expected = await evaluate({ model, data: validationData });
    room.otherwise = 2;
    const sizes: number[] = [];
    const before = tf.memory().numTensors;
    const onOutOfMemory = ({ microBatchSize }: { microBatchSize: number }) => void sizes.push(microBatchSize);
    const result = await evaluate({ model, data: validationData, onOutOfMemory });
    expect(tf.memory().numTensors).toBe(before);
    expect(sizes).toEqual([4, 2]);
    expect(result).toEqual({ ...expected, loss: result.loss });
    expect(result.loss).toBeCloseTo(expected.loss, 6);
    const parts = await evaluate({ model, data: validationData, microBatchSize: 2 });
    expect(parts).toEqual(result);
    room.otherwise = 0;
    await expect(evaluate({ model, data: validationData })).rejects.toThrow('OOM');
    await expect(evaluate({ model, data: validationData, microBatchSize: 0 })).rejects.toThrow(
      'evaluate: `microBatchSize` must be a whole number, at least 1, received 0',
    );
  });

  it('of a run is told as an event, once', async () => {
    room.otherwise = 4;
    const store = memoryStore();
    const { events, result } = await run({ validationData, store });
    expect(events).toMatchObject([{ step: 2, during: 'validation', microBatchSize: 4 }]);
    expect(result.history.map(({ validation }) => validation !== null)).toEqual([true, true, true]);
    expect((await store.latest()).found!.checkpoint.state.validationBatchSize).toBe(4);
  });
});

it.each([
  [Object.assign(new Error('xcp backend: asked for 3 MiB'), { name: 'OutOfMemoryError' }), true],
  [new Error('OOM when allocating tensor with shape[1024]'), true],
  [new Error('Failed to allocate a buffer'), true],
  [new Error('WebGL: OUT_OF_MEMORY, out of memory'), true],
  [new Error('Resource exhausted: 3'), true],
  [new RangeError('Array buffer allocation failed'), true],
  [new Error('zoom is not a layer; the room is full'), false],
  ['OOM', false],
])('%s is one of memory: %s', (error, expected) => {
  expect(isOutOfMemory(error)).toBe(expected);
});
