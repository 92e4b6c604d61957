import * as tf from '@tensorflow/tfjs-core';
import { backendStatus, type XcpBackend } from '@xcp/backend';
import {
  type BatchSource,
  fitBatch,
  modelWeights,
  type OutOfMemoryEvent,
  type TrainConfig,
  train,
} from '@xcp/trainer';
import { describe as describeNetwork, type XceptionConfig, xception } from '@xcp/xception';
import { beforeAll, describe, expect, it } from 'vitest';

const status = backendStatus();
const MIB = 2 ** 20;

// wasm holds its memory for ever: only native memory is given back between the attempts.
const isNative = status.available && status.library === 'native';

const config: XceptionConfig = {
  inputShape: [32, 32, 3],
  classes: 10,
  stem: 'cifar',
  width: 1 / 16,
  middleBlocks: 1,
  dropout: 0.2,
};
const network = (checkpointBlocks = false) => xception({ ...config, checkpointBlocks });

// Large enough that the 32 MiB in which the engine takes memory count for little.
const batchSize = 256;
const steps = 3;
const data: BatchSource = {
  size: steps * batchSize,
  stepsPerEpoch: steps,
  *batches(_, startStep) {
    for (let step = startStep; step < steps; step++) {
      const labels = Int32Array.from({ length: batchSize }, (_, n) => n % 10);
      const images = Float32Array.from({ length: batchSize * 3072 }, (_, i) => Math.sin(i * (step + 1)));
      yield { images, labels, shape: [batchSize, 32, 32, 3] };
    }
  },
};

describe.runIf(isNative)('training on xcp under a memory limit', () => {
  let backend: XcpBackend;
  let generous: number;
  beforeAll(async () => {
    await tf.setBackend('xcp');
    backend = tf.backend() as XcpBackend;
    generous = backend.memoryLimit;
  });

  async function run(config: Partial<TrainConfig>, { room = generous, checkpointBlocks = false } = {}) {
    const model = network(checkpointBlocks);
    const events: OutOfMemoryEvent[] = [];
    const tensors = tf.memory().numTensors;
    const inUse = backend.memory().inUse;
    backend.trim();
    backend.resetPeak();
    backend.setMemoryLimit(Math.min(generous, backend.memory().held + room));
    try {
      const schedule = { name: 'constant', learningRate: 0.01 } as const;
      const onOutOfMemory = (event: OutOfMemoryEvent) => void events.push(event);
      await train({
        model,
        trainData: data,
        config: { epochs: 1, schedule, ...config },
        callbacks: [{ onOutOfMemory }],
      });
      expect(tf.memory().numTensors).toBe(tensors);
      const { peak } = backend.memory();
      return { weights: await modelWeights(model), events, peak: peak - inUse };
    } finally {
      backend.setMemoryLimit(generous);
      model.dispose();
    }
  }

  it.each([false, true])(
    'halves the micro-batch until it fits, with the bits of a run that began so (checkpointBlocks: %s)',
    async (checkpointBlocks) => {
      const whole = await run({}, { checkpointBlocks });
      const limited = await run({}, { room: whole.peak / 3, checkpointBlocks });
      const sizes = limited.events.map(({ microBatchSize }) => microBatchSize);
      expect(limited.events.every(({ step }) => step === 0)).toBe(true);
      expect([
        [128, 64],
        [128, 64, 32],
      ]).toContainEqual(sizes);
      const same = await run({ microBatchSize: sizes.at(-1)! }, { checkpointBlocks });
      expect(limited.weights).toEqual(same.weights);
    },
  );

  it('needs less with blocks that are computed again, and computes the same by micro-batches', async () => {
    const config = { microBatchSize: 64 };
    const [kept, again] = [await run(config), await run(config, { checkpointBlocks: true })];
    expect(again.peak).toBeLessThan(kept.peak);
    expect(again.weights).toEqual(kept.weights);
  });

  it('finds the micro-batch that fits: from an estimate, with the peak, and the training then has room', async () => {
    const model = network();
    const before = await modelWeights(model);
    const [tensors, room] = [tf.memory().numTensors, 100 * MIB];
    backend.trim();
    backend.setMemoryLimit(backend.memory().held + room);
    const estimate = (batch: number) => describeNetwork(config, { batch, accumulate: true }).memory.training;
    const result = await fitBatch({ model, maxBatchSize: 256, accumulate: true, estimate });
    backend.setMemoryLimit(generous);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(await modelWeights(model)).toEqual(before);
    model.dispose();
    const { batchSize, peakBytes, tried } = result;
    expect(batchSize).toBeGreaterThan(16);
    expect(batchSize).toBeLessThan(200);
    expect(peakBytes).toBeGreaterThan(room / 2);
    expect(peakBytes).toBeLessThan(backend.memory().held + room);
    // The estimate is near: it does not begin at 1.
    expect(tried[0]!.batchSize).toBeGreaterThan(batchSize / 2);
    const { events } = await run({ microBatchSize: Math.floor(0.9 * batchSize) }, { room });
    expect(events).toEqual([]);
  });

  it('accumulates with no more than one set of gradients beside a micro-batch', async () => {
    const model = network();
    const parameters = model.countParams() * 4;
    model.dispose();
    const [whole, micro] = [await run({}), await run({ microBatchSize: 32 })];
    // An eighth of the activations; weights, velocities and two sets of gradients.
    expect(micro.peak).toBeLessThan(whole.peak / 8 + 4 * parameters + 2 * MIB);
  });
});
