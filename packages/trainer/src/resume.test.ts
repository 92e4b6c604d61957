import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BatchSource } from './batch';
import type { TrainCallback } from './callbacks';
import { memoryStore } from './checkpoint/memory-store';
import type { TrainConfig } from './config/train-config';
import { contentsOf, figuresOf, weightBits } from './fixtures/exact';
import { noise, tinyModel, tinySource } from './fixtures/tiny';
import { resume } from './resume';
import { type TrainResult, train } from './train';

beforeAll(() => tf.setBackend('cpu'));

const validationData = tinySource({ size: 6, shuffle: false });
const trainData = tinySource();

/** Runs to the end, stopped after each of the given steps and resumed with a new model. */
async function interruptedRun(config: TrainConfig, stops: readonly number[]) {
  const store = memoryStore();
  const rows: unknown[] = [];
  let result: TrainResult | undefined;
  let model = tinyModel();
  for (const stop of [...stops, Number.POSITIVE_INFINITY]) {
    const controller = new AbortController();
    const callbacks: TrainCallback[] = [
      {
        onStep: ({ step }) => {
          if (step >= stop) controller.abort();
        },
        onLog: ({ step, epoch, loss, accuracy, learningRate }) => {
          rows.push({ step, epoch, loss, accuracy, learningRate });
        },
        onEpochEnd: ({ seconds: _, ...figures }) => void rows.push(figures),
      },
    ];
    const options = { model, trainData, validationData, store, callbacks, signal: controller.signal };
    result = await (result ? resume(options) : train({ ...options, config }));
    if (result.stopped === 'completed') break;
    expect(result).toMatchObject({ stopped: 'aborted', step: stop });
    model = tinyModel();
    // What the resumed model starts with must not matter.
    tf.tidy(() => model.setWeights(model.getWeights().map((weight) => tf.add(weight, 1))));
  }
  const last = (await store.latest()).found!.checkpoint;
  return {
    figures: figuresOf(result!),
    checkpoint: contentsOf(last),
    weights: await weightBits(model),
    rows,
  };
}

const configs: TrainConfig[] = [
  {
    epochs: 4,
    optimizer: { name: 'sgd', nesterov: true, weightDecay: 5e-4 },
    schedule: { name: 'oneCycle', maxLearningRate: 0.2 },
    labelSmoothing: 0.1,
    logEverySteps: 2,
    checkpointEverySteps: 2,
    checkpointEveryEpochs: null,
    bestMetric: 'loss',
  },
  {
    epochs: 4,
    optimizer: { name: 'adam' },
    schedule: { name: 'stepDecay', learningRate: 0.01, every: { samples: 10 } },
    logEverySteps: 5,
  },
  {
    epochs: 4,
    optimizer: {
      name: 'rmsprop',
      weightDecay: 1e-3,
      groups: [{ match: ['head'], learningRateScale: 0.5 }],
    },
    schedule: { name: 'plateau', learningRate: 0.01, patience: 0, threshold: 0.5 },
    momentumSchedule: { name: 'linear', value: 0.95, finalValue: 0.5 },
    weightDecaySchedule: { name: 'stepDecay', value: 3, every: { steps: 5 } },
    logEverySteps: 1,
  },
];

describe('resume', () => {
  it.each(configs)(
    'ends with the bits of a run that was never stopped, wherever it was stopped: %j',
    async (config) => {
      const expected = await interruptedRun(config, []);
      const property = fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
        async (stops) => {
          expect(
            await interruptedRun(
              config,
              stops.sort((a, b) => a - b),
            ),
          ).toEqual(expected);
        },
      );
      // The last step of an epoch, where only its validation is left, and the last step of all.
      await fc.assert(property, { numRuns: 8, examples: [[[3, 6]], [[12]]] });
    },
  );

  it.each(configs)('goes on from any checkpoint, as after a crash, to the same bits: %j', async (config) => {
    const store = memoryStore({ keepLast: 100 });
    const every = { ...config, checkpointEverySteps: 1 };
    const whole = tinyModel();
    const expected = await train({ model: whole, trainData, validationData, store, config: every });
    const last = (await store.latest()).found!.checkpoint;
    const names = await store.list();
    expect(names).toHaveLength(12);
    for (const name of names) {
      const model = tinyModel();
      const fresh = memoryStore();
      const resumeFrom = await store.load(name);
      const result = await train({ model, trainData, validationData, resumeFrom, store: fresh });
      expect(figuresOf(result)).toEqual(figuresOf(expected));
      expect(await weightBits(model)).toEqual(await weightBits(whole));
      const saved = (await fresh.latest()).found;
      if (saved) expect(contentsOf(saved.checkpoint)).toEqual(contentsOf(last));
    }
  });

  it('validates an epoch again whose validation was aborted', async () => {
    const controller = new AbortController();
    const slow: BatchSource = {
      ...validationData,
      *batches(epoch, startStep) {
        controller.abort();
        yield* validationData.batches(epoch, startStep);
      },
    };
    const store = memoryStore();
    const config = { epochs: 1 };
    const stopped = await train({
      model: tinyModel(),
      trainData,
      validationData: slow,
      store,
      config,
      signal: controller.signal,
    });
    expect(stopped).toMatchObject({ stopped: 'aborted', step: 3, epoch: 0, validation: null });
    const result = await resume({ model: tinyModel(), trainData, validationData, store });
    expect(result).toMatchObject({ stopped: 'completed', step: 3, epoch: 1 });
    expect(result.history[0]!.validation).not.toBeNull();
  });

  it('tells layers with random numbers of their own the step', async () => {
    class Noise extends tfl.layers.Layer {
      static readonly className = 'TestNoise';
      step = -1;
      setStep(step: number | tf.Scalar) {
        this.step = typeof step === 'number' ? step : step.dataSync()[0]!;
      }
      override call(inputs: tf.Tensor | tf.Tensor[], { training }: { training?: boolean }): tf.Tensor {
        const x = Array.isArray(inputs) ? inputs[0]! : inputs;
        return training ? tf.mul(x, 1 + 0.5 * noise(this.step)) : x;
      }
    }
    const model = () => {
      const { layers } = tinyModel();
      return tfl.sequential({ layers: [layers[0]!, new Noise({ name: 'noise' }), ...layers.slice(3)] });
    };
    const whole = model();
    await train({ model: whole, trainData, config: { epochs: 2 } });
    const store = memoryStore();
    await train({ model: model(), trainData, store, config: { epochs: 2, maxSteps: 4 } });
    const resumed = model();
    await resume({ model: resumed, trainData, store, config: { maxSteps: null } });
    expect(await weightBits(resumed)).toEqual(await weightBits(whole));
  });

  it('extends a run that is complete', async () => {
    const store = memoryStore();
    await train({ model: tinyModel(), trainData, store, config: { epochs: 2 } });
    const done = await resume({ model: tinyModel(), trainData, store });
    expect(done).toMatchObject({ stopped: 'completed', step: 6, epoch: 2 });
    const resumed = tinyModel();
    const result = await resume({ model: resumed, trainData, store, config: { epochs: 3 } });
    expect(result).toMatchObject({ stopped: 'completed', step: 9, epoch: 3 });
    const whole = tinyModel();
    await train({ model: whole, trainData, config: { epochs: 3 } });
    const shorter = (config: Partial<TrainConfig>) =>
      resume({ model: tinyModel(), trainData, store, config });
    await expect(shorter({ epochs: 2 })).rejects.toThrow(
      '`epochs` must be at least 3, those begun, received 2',
    );
    await expect(shorter({ maxSteps: 8 })).rejects.toThrow(
      '`maxSteps` must be at least 9, those done, received 8',
    );
    expect(await weightBits(resumed)).toEqual(await weightBits(whole));
  });

  it('refuses an empty store, another model and other data, and leaves the model as it was', async () => {
    const store = memoryStore();
    await expect(resume({ model: tinyModel(), trainData, store })).rejects.toThrow(
      'resume: `store` must hold a valid checkpoint, received none; start a new run with `train`',
    );
    await train({ model: tinyModel(), trainData, store, config: { epochs: 1 } });
    const other = tinyModel({ units: 4 });
    const before = await weightBits(other);
    await expect(resume({ model: other, trainData, store })).rejects.toThrow(
      "'head/kernel' must be float32 of shape [32,4], received float32 of shape [32,3]",
    );
    expect(await weightBits(other)).toEqual(before);
    const bigger = tinySource({ size: 12 });
    await expect(resume({ model: tinyModel(), trainData: bigger, store })).rejects.toThrow(
      '{"size":10,"stepsPerEpoch":3}, received {"size":12,"stepsPerEpoch":3}',
    );
  });
});
