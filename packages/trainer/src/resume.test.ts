import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BatchSource } from './batch';
import type { TrainCallback } from './callbacks';
import { memoryStore } from './checkpoint/memory-store';
import type { TrainConfig } from './config/train-config';
import { contentsOf, figuresOf, weightBits } from './fixtures/exact';
import { noise, steepModel, tinyModel, tinySource } from './fixtures/tiny';
import { resume } from './resume';
import { type TrainResult, train } from './train';

beforeAll(() => tf.setBackend('cpu'));

const validationData = tinySource({ size: 6, shuffle: false });
const trainData = tinySource();

/** Runs to the end, stopped after each of the given steps and resumed with a new model. */
async function interruptedRun(config: TrainConfig, stops: readonly number[], build = () => tinyModel()) {
  const store = memoryStore();
  const rows: ({ step: number } & Record<string, unknown>)[] = [];
  let result: TrainResult | undefined;
  let model = build();
  for (const stop of [...stops, Number.POSITIVE_INFINITY]) {
    const controller = new AbortController();
    const callbacks: TrainCallback[] = [
      {
        onStep: ({ step }) => {
          if (step >= stop) controller.abort();
        },
        onLog: ({ step, epoch, loss, accuracy, learningRate, gradientNorm }) => {
          rows.push({ step, epoch, loss, accuracy, learningRate, gradientNorm });
        },
        onEpochEnd: ({ seconds: _, ...figures }) => void rows.push(figures),
        onRollback: ({ toStep }) => void rows.splice(rows.findLastIndex(({ step }) => step <= toStep) + 1),
      },
    ];
    const options = { model, trainData, validationData, store, callbacks, signal: controller.signal };
    result = await (result ? resume(options) : train({ ...options, config }));
    if (result.stopped === 'completed') break;
    // A step that turns out to have diverged is undone first.
    const undone = config.onDivergence !== undefined && result.step < stop;
    expect(result).toMatchObject({ stopped: 'aborted', step: undone ? result.step : stop });
    model = build();
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
    ema: { decay: 0.8, everySteps: 2 },
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
  {
    // The last epoch is one of two steps.
    steps: 11,
    optimizer: { name: 'adam' },
    schedule: { name: 'cosine', learningRate: 0.01 },
    validateEveryEpochs: 3,
    microBatchSize: 3,
    clipNorm: 0.5,
    logEverySteps: 2,
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
    expect(names).toHaveLength(config.steps ?? 12);
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

  it.each([1, 2])(
    'ends with the same bits where it diverges and is rolled back (checkpoint every %i epochs)',
    async (every) => {
      const config: TrainConfig = {
        epochs: 5,
        optimizer: { name: 'sgd', momentum: 0 },
        // Grows beyond all bounds in the first epoch, with the first factor in the second, and then no more.
        schedule: { name: 'constant', learningRate: 1e12 },
        onDivergence: { rollback: 3, factor: 1e-6 },
        checkpointEveryEpochs: every,
        logEverySteps: 2,
      };
      const expected = await interruptedRun(config, [], steepModel);
      expect(expected.checkpoint.state.rollbacks.map(({ toStep }) => toStep)).toEqual([0, 3]);
      expect(expected.figures.stopped).toBe('completed');
      const stops = fc.uniqueArray(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 3 });
      const property = fc.asyncProperty(stops, async (given) => {
        const sorted = given.sort((a, b) => a - b);
        expect(await interruptedRun(config, sorted, steepModel)).toEqual(expected);
      });
      await fc.assert(property, { numRuns: 12, examples: [[[1, 2, 4]], [[3, 6, 7]]] });
    },
  );

  it('validates the last step of `maxSteps` where the run was stopped right after it', async () => {
    const config = { epochs: 3, maxSteps: 4 };
    const figures = async (stops: boolean) => {
      const told: unknown[] = [];
      const callbacks: TrainCallback[] = [
        { onEpochEnd: ({ seconds: _, ...event }) => void told.push(event) },
      ];
      const store = memoryStore();
      const controller = new AbortController();
      const abort: TrainCallback = { onStep: ({ step }) => void (step === 4 && stops && controller.abort()) };
      const options = { trainData, validationData, store };
      const { signal } = controller;
      const first = { ...options, model: tinyModel(), config, signal, callbacks: [...callbacks, abort] };
      const { stopped } = await train(first);
      expect(stopped).toBe(stops ? 'aborted' : 'maxSteps');
      if (stops) {
        const result = await resume({ ...options, model: tinyModel(), callbacks });
        expect(result).toMatchObject({ stopped: 'maxSteps', step: 4, epoch: 1 });
        expect(result.validation).not.toBeNull();
      }
      return told;
    };
    expect(await figures(true)).toEqual(await figures(false));
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
