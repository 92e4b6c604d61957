import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BatchSource } from '../batch';
import type { TrainCallback } from '../callbacks';
import { memoryStore } from '../checkpoint/memory-store';
import { type EmaConfig, resolveEma } from '../config/ema-config';
import { evaluate } from '../evaluate';
import { bits, weightBits } from '../fixtures/exact';
import { tinyModel, tinySource } from '../fixtures/tiny';
import { resume } from '../resume';
import { train } from '../train';
import { loadWeights, modelWeights } from '../weights';
import { emaDecay } from './decay';
import { weightAverages } from './weight-averages';
import { withAverages } from './with-averages';

interface Golden {
  cases: { ema: Required<EmaConfig>; after: Record<string, { kernel: number[]; bias: number[] }> }[];
}
const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));
const golden = read('ema.json') as Golden;
const problem = read('optimizers.json');

beforeAll(() => tf.setBackend('cpu'));

const trainData = tinySource();
const validationData = tinySource({ size: 6, shuffle: false });
const ema = { decay: 0.7 };

describe('averages of weights', () => {
  it.each(golden.cases)('are those of torch over 50 steps: $ema', async ({ ema, after }) => {
    const model = tfl.sequential({
      layers: [tfl.layers.flatten({ inputShape: [2, 2, 1] }), tfl.layers.dense({ name: 'd', units: 3 })],
    });
    model.setWeights([tf.tensor2d(problem.kernel, [4, 3]), tf.tensor1d(problem.bias)]);
    const batch = {
      images: Float32Array.from(problem.images),
      labels: Int32Array.from(problem.labels),
      shape: [6, 2, 2, 1] as const,
    };
    const data: BatchSource = {
      size: 6,
      stepsPerEpoch: 1,
      batches: () => [batch],
    };
    const store = memoryStore({ keepLast: 50 });
    const schedule = { name: 'constant', learningRate: problem.learningRate } as const;
    const config = { epochs: 50, optimizer: { name: 'sgd', momentum: 0.9 } as const, schedule, ema };
    await train({ model, trainData: data, store, config });
    for (const [step, expected] of Object.entries(after)) {
      const { ema: averages } = await store.load(`step-${step.padStart(7, '0')}`);
      for (const name of ['kernel', 'bias'] as const) {
        expected[name].forEach((value, i) => {
          expect(averages![`d/${name}`]!.data[i]).toBeCloseTo(value, 5);
        });
      }
    }
    expect(Object.keys(after)).toEqual(['1', '9', '50']);
  });

  it('follow batch-norm statistics too, to the bit', async () => {
    const model = tinyModel();
    const variance = model.getLayer('bn').weights[3]!.read() as tf.Variable;
    let expected = Array.from(variance.dataSync());
    const callback: TrainCallback = {
      onStep: ({ step }) => {
        const share = Math.fround(1 - Math.min(0.7, (1 + step) / (10 + step)));
        const now = variance.dataSync();
        expected = expected.map((x, i) => Math.fround(x + Math.fround(share * Math.fround(now[i]! - x))));
      },
    };
    const { ema: kept } = await train({
      model,
      trainData,
      config: { epochs: 3, ema },
      callbacks: [callback],
    });
    expect(Array.from(kept!.weights['bn/moving_variance']!.data)).toEqual(expected);
    expect(expected).not.toEqual(Array.from(variance.dataSync()));
  });

  it('take fewer updates that weigh as much, and follow faster at first', () => {
    const at = (config: EmaConfig, step: number) => emaDecay(resolveEma(config), step);
    expect(at({ decay: 0.9, warmup: false }, 1)).toBe(0.9);
    expect([1, 2, 80, 81, 1000].map((step) => at({ decay: 0.9 }, step))).toEqual([
      2 / 11,
      3 / 12,
      0.9,
      0.9,
      0.9,
    ]);
    expect([1, 2, 3, 4].map((step) => at({ decay: 0.5, warmup: false, everySteps: 2 }, step))).toEqual([
      null,
      0.25,
      null,
      0.25,
    ]);
  });

  it.each([
    [{ decay: 1 }, 'ema: `decay` must be a number, at least 0 and less than 1, received 1'],
    [{}, 'ema: `decay` must be a number, at least 0 and less than 1, received undefined'],
    [{ decay: 0.9, everySteps: 0 }, 'ema: `everySteps` must be a whole number, at least 1, received 0'],
    [{ decay: 0.9, warmup: 1 }, 'ema: `warmup` must be true or false, received 1'],
    [{ decay: 0.9, warmUp: true }, 'ema: `warmUp` is not a known key; did you mean `warmup`?'],
  ])('refuse %j', (given, message) => {
    expect(() => resolveEma(given as EmaConfig)).toThrow(message);
  });
});

describe('a run with averages', () => {
  it('validates them beside the weights, which come out as without them', async () => {
    const plain = tinyModel();
    const without = await train({ model: plain, trainData, validationData, config: { epochs: 3 } });
    const model = tinyModel();
    const tensors = tf.memory().numTensors;
    const told: unknown[] = [];
    const result = await train({
      model,
      trainData,
      validationData,
      config: { epochs: 3, ema },
      callbacks: [{ onEpochEnd: (event) => void told.push(event.ema?.confusion) }],
    });
    expect(tf.memory().numTensors).toBe(tensors);
    expect(await weightBits(model)).toEqual(await weightBits(plain));
    expect(result.history.map(({ validation }) => validation)).toEqual(
      without.history.map(({ validation }) => validation),
    );
    expect(without.history.every((epoch) => epoch.ema === null)).toBe(true);
    expect(without.ema).toBeNull();

    loadWeights(model, result.ema!.weights);
    const judged = await evaluate({ model, data: validationData });
    expect(result.ema!.validation).toEqual(judged);
    expect(result.history.at(-1)!.ema).toEqual({ loss: judged.loss, accuracy: judged.accuracy });
    expect(judged.loss).not.toBe(result.validation!.loss);
    expect(told).toHaveLength(3);
    expect(told.at(-1)).toEqual(judged.confusion);
  });

  it.each(['aborted', 'failed'])(
    'has its weights back where the validation of the averages is %s',
    async (how) => {
      const whole = tinyModel();
      const epochs = 2;
      await train({ model: whole, trainData, validationData, config: { epochs, ema } });
      const model = tinyModel();
      const before = tf.memory().numTensors;
      const controller = new AbortController();
      let passes = 0;
      const judgedTwice: BatchSource = {
        ...validationData,
        *batches(epoch, startStep) {
          passes++;
          if (passes === 2 && how === 'failed') throw new Error('no more');
          if (passes === 2) controller.abort();
          yield* validationData.batches(epoch, startStep);
        },
      };
      const store = memoryStore();
      const stopped: unknown = await train({
        model,
        trainData,
        validationData: judgedTwice,
        store,
        config: { epochs, ema },
        signal: controller.signal,
      }).catch((error) => error);
      expect(stopped).toMatchObject(how === 'aborted' ? { stopped: 'aborted' } : { message: 'no more' });
      expect(passes).toBe(2);
      const plain = tinyModel();
      await train({ model: plain, trainData, config: { epochs, maxSteps: 3 } });
      expect(await weightBits(model)).toEqual(await weightBits(plain));
      tf.dispose(plain.weights.map((weight) => weight.read()));
      if (how === 'failed') return;
      const resumed = await resume({ model, trainData, validationData, store });
      expect(resumed.ema!.validation).not.toBeNull();
      expect(await weightBits(model)).toEqual(await weightBits(whole));
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('refuses a metric of averages that it does not keep', async () => {
    const options = { model: tinyModel(), trainData, validationData };
    const schedule = { name: 'plateau', metric: 'emaLoss' } as const;
    await expect(train({ ...options, config: { epochs: 1, schedule } })).rejects.toThrow(
      "schedule: `metric` 'emaLoss' needs averages, received `ema` null; set `ema`",
    );
    await expect(
      train({ model: options.model, trainData, config: { epochs: 1, schedule, ema } }),
    ).rejects.toThrow("`metric` 'emaLoss' needs `validationData`");
    await expect(train({ ...options, config: { epochs: 1, schedule, ema } })).resolves.toBeDefined();
  });

  it('is resumed with its averages, and not without them or with others', async () => {
    const store = memoryStore();
    const options = { trainData, validationData, store };
    await train({ ...options, model: tinyModel(), config: { epochs: 2, ema } });
    const { checkpoint } = (await store.latest()).found!;
    const { ema: _, ...lost } = checkpoint;
    const attempt = (resumeFrom: typeof checkpoint, config = {}) =>
      train({ trainData, model: tinyModel(), resumeFrom, config: { epochs: 3, ...config } });
    await expect(attempt(lost)).rejects.toThrow(
      'resume: names must be those of the model; 6 missing'.slice(0, 40),
    );
    await expect(attempt(checkpoint, { ema: { decay: 0.5 } })).rejects.toThrow('resume: `ema` must stay');
    await expect(attempt(checkpoint)).resolves.toMatchObject({ step: 9 });
  });
});

describe('withAverages', () => {
  it('changes no bit, not even of −0 and denormal numbers', async () => {
    const model = tinyModel();
    const odd = [-0, 1e-42, Number.MIN_VALUE, 3.4e38];
    model.getLayer('bn').setWeights([0, 1, 2, 3].map((i) => tf.tensor1d([odd[i]!, odd[3 - i]!])));
    const averages = weightAverages(model, resolveEma({ decay: 0.5 }));
    const before = await weightBits(model);
    tf.tidy(() => model.setWeights(model.getWeights().map((weight) => tf.add(weight, 1))));
    const moved = await weightBits(model);
    const inside = await withAverages(model, averages, async () => bits(await modelWeights(model)));
    expect(inside).toEqual(before);
    expect(await weightBits(model)).toEqual(moved);
    averages.restart();
    expect(await withAverages(model, averages, () => weightBits(model))).toEqual(moved);
  });
});
