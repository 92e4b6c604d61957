import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { dropout } from '@xcp/layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Batch } from '../batch';
import type { LogEvent } from '../callbacks';
import { resolveOptimizer } from '../config/optimizer-config';
import type { TrainConfig } from '../config/train-config';
import { weightBits } from '../fixtures/exact';
import { tinyModel, tinySource } from '../fixtures/tiny';
import { createOptimizer } from '../optimizers/optimizer';
import { trainableParameters } from '../optimizers/parameters';
import { train } from '../train';
import { trainStep } from '../train-step';
import { modelWeights } from '../weights';
import type { Clipping } from './clip';
import { drawNumber, microBatches } from './micro-batches';

beforeAll(() => tf.setBackend('cpu'));

interface Case extends Clipping {
  microBatchSize: number | null;
  losses: number[];
  norms: number[];
  kernel: number[];
  bias: number[];
}

const fixture = JSON.parse(
  readFileSync(new URL('../fixtures/gradients.json', import.meta.url), 'utf8'),
) as Record<'images' | 'labels' | 'kernel' | 'bias', number[]> & {
  learningRate: number;
  momentum: number;
  cases: Case[];
};

const [batch] = tinySource({ size: 10, batchSize: 10 }).batches(0, 0) as Iterable<Batch> as [Batch];

/** A dense layer alone, with a penalty: no batch norm, so that parts of a batch are independent. */
function denseModel({ rate = 0 } = {}) {
  const kernelInitializer = tfl.initializers.glorotUniform({ seed: 5 });
  const kernelRegularizer = tfl.regularizers.l2({ l2: 0.1 });
  return tfl.sequential({
    layers: [
      tfl.layers.flatten({ inputShape: [4, 4, 1] }),
      dropout({ rate, seed: 3 }),
      tfl.layers.dense({ units: 3, kernelInitializer, kernelRegularizer, name: 'head' }),
    ],
  });
}

const run = async (model: tfl.LayersModel, config: Partial<TrainConfig>, trainData = tinySource()) => {
  const rows: LogEvent[] = [];
  const onLog = (event: LogEvent) => void rows.push(event);
  const schedule = { name: 'constant', learningRate: 0.1 } as const;
  await train({
    model,
    trainData,
    config: { epochs: 2, schedule, logEverySteps: 1, ...config },
    callbacks: [{ onLog }],
  });
  return { weights: await modelWeights(model), rows };
};

function expectNear(a: Awaited<ReturnType<typeof run>>, b: Awaited<ReturnType<typeof run>>) {
  for (const [name, { data }] of Object.entries(a.weights)) {
    data.forEach((value, i) => {
      expect(value).toBeCloseTo(b.weights[name]!.data[i]!, 5);
    });
  }
  a.rows.forEach(({ loss, accuracy }, i) => {
    expect(loss).toBeCloseTo(b.rows[i]!.loss, 5);
    expect(accuracy).toBe(b.rows[i]!.accuracy);
  });
}

describe('micro-batches and clipping', () => {
  it.each(fixture.cases.map((golden, i) => [i, golden] as const))('follow PyTorch: case %i', (_, golden) => {
    const model = tfl.sequential({
      layers: [tfl.layers.flatten({ inputShape: [2, 2, 1] }), tfl.layers.dense({ units: 3 })],
    });
    model.setWeights([tf.tensor2d(fixture.kernel, [4, 3]), tf.tensor1d(fixture.bias)]);
    const config = resolveOptimizer({ name: 'sgd', momentum: fixture.momentum });
    const parameters = trainableParameters(model, config);
    const { take } = trainStep(model, parameters, createOptimizer(config, parameters), 0, golden);
    const given: Batch = {
      images: Float32Array.from(fixture.images),
      labels: Int32Array.from(fixture.labels),
      shape: [7, 2, 2, 1],
    };
    golden.losses.forEach((expected, i) => {
      const row = take(given, fixture.learningRate, i + 1, golden.microBatchSize ?? undefined);
      const [loss, , norm] = row.dataSync();
      row.dispose();
      expect(loss).toBeCloseTo(expected, 5);
      const clips = golden.clipNorm !== null || golden.clipValue !== null;
      if (clips) expect(norm).toBeCloseTo(golden.norms[i]!, 5);
      else expect(norm).toBeUndefined();
    });
    const [kernel, bias] = model.getWeights().map((weight) => weight.dataSync());
    golden.kernel.forEach((value, i) => {
      expect(kernel![i]).toBeCloseTo(value, 4);
    });
    golden.bias.forEach((value, i) => {
      expect(bias![i]).toBeCloseTo(value, 4);
    });
  });

  it.each([1, 3, 4])(
    'of %i images give the update of the whole batch, penalties counted once',
    async (size) => {
      expectNear(
        await run(denseModel(), { microBatchSize: size }),
        await run(denseModel(), { microBatchSize: null }),
      );
    },
  );

  it('give the update of the whole batch where images are mixed', async () => {
    const source = tinySource();
    const mixed = {
      ...source,
      *batches(epoch: number, startStep: number) {
        for (const each of source.batches(epoch, startStep)) {
          const labels = each.labels.map((label) => (label + 1) % 3);
          const shares = Float32Array.from(labels, (_, i) => 1 - i / 5);
          yield { ...each, mixed: { labels, shares } };
        }
      },
    };
    expectNear(
      await run(denseModel(), { microBatchSize: 3 }, mixed),
      await run(denseModel(), { microBatchSize: null }, mixed),
    );
  });

  it('are normalized each by itself, and move the statistics each', async () => {
    const movingMean = async (microBatchSize: number | null) => {
      const model = tinyModel();
      await run(model, { microBatchSize, epochs: 1, maxSteps: 1 });
      return (await modelWeights(model))['bn/moving_mean']!.data;
    };
    const [whole, halves] = [await movingMean(null), await movingMean(2)];
    // From 0, two moves of a tenth come further than one.
    expect(Math.abs(halves[0]!)).toBeGreaterThan(1.5 * Math.abs(whole[0]!));
    expect(Math.abs(halves[0]!)).toBeLessThan(2.5 * Math.abs(whole[0]!));
  });

  it('leave what a whole batch computes as it was, to the bit, where a batch is no larger', async () => {
    const [all, some] = [tinyModel(), tinyModel()];
    await run(all, {});
    await run(some, { microBatchSize: 4 });
    expect(await weightBits(some)).toEqual(await weightBits(all));
  });

  it('draw other random numbers in each micro-batch and each step, the same ones again, and in the first those of a whole batch', async () => {
    const draws: number[][] = [];
    class Watch extends tfl.layers.Layer {
      static readonly className = 'TestWatch';
      private step = -1;
      setStep(step: number | tf.Scalar) {
        this.step = typeof step === 'number' ? step : step.dataSync()[0]!;
      }
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        draws.push([this.step]);
        return Array.isArray(inputs) ? inputs[0]! : inputs;
      }
    }
    const watched = () => {
      const { layers } = denseModel();
      return tfl.sequential({ layers: [layers[0]!, new Watch({}), layers[2]!] });
    };
    const drawn = async (microBatchSize: number | null) => {
      const model = watched();
      draws.length = 0;
      await run(model, { epochs: 1, microBatchSize });
      return draws.map(([step]) => step!);
    };
    const micro = await drawn(2);
    expect(micro).toHaveLength(5);
    expect(new Set(micro).size).toBe(5);
    expect(await drawn(2)).toEqual(micro);
    expect(await drawn(null)).toEqual([0, 1, 2]);
    expect([micro[0], micro[2], micro[4]]).toEqual([0, 1, 2]);

    // Dropout itself: with equal halves of a batch, equal masks would give the gradient of one half.
    const half = tinySource({ size: 4, batchSize: 4 }).batches(0, 0)[Symbol.iterator]().next().value as Batch;
    const images = Float32Array.from([...half.images, ...half.images]);
    const twice: Batch = {
      images,
      labels: Int32Array.from([...half.labels, ...half.labels]),
      shape: [8, 4, 4, 1],
    };
    const source = (given: Batch) => ({
      size: given.labels.length,
      stepsPerEpoch: 1,
      batches: () => [given],
    });
    const [one, two] = [denseModel({ rate: 0.5 }), denseModel({ rate: 0.5 })];
    await run(one, { epochs: 1 }, source(half));
    await run(two, { epochs: 1, microBatchSize: 4 }, source(twice));
    expect(await weightBits(two)).not.toEqual(await weightBits(one));
  });

  it('holds one set of gradients and one micro-batch at a time, and leaks none', () => {
    let most = 0;
    const look = () => {
      most = Math.max(most, tf.memory().numBytes);
    };
    /** Passes its input and its gradient through, and looks at the memory both times. */
    class Probe extends tfl.layers.Layer {
      static readonly className = 'TestProbe';
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        const op = tf.customGrad((x) => {
          look();
          const gradFunc = (dy: tf.Tensor) => {
            look();
            return tf.clone(dy);
          };
          return { value: tf.clone(x as tf.Tensor), gradFunc };
        });
        return op(Array.isArray(inputs) ? inputs[0]! : inputs);
      }
    }
    const layers = [
      tfl.layers.flatten({ inputShape: [4, 4, 1] }),
      tfl.layers.dense({ units: 200 }),
      new Probe({ name: 'probe1' }),
      tfl.layers.dense({ units: 200 }),
      new Probe({ name: 'probe2' }),
      tfl.layers.dense({ units: 3 }),
    ];
    const model = tfl.sequential({ layers });
    const config = resolveOptimizer({ name: 'sgd' });
    const parameters = trainableParameters(model, config);
    const optimizer = createOptimizer(config, parameters);
    const gradients = 4 * parameters.reduce((sum, { variable }) => sum + variable.size, 0);
    const peak = (given: Batch, size: number) => {
      const step = trainStep(model, parameters, optimizer, 0);
      const before = tf.memory();
      most = 0;
      step.take(given, 0.1, 1, size).dispose();
      step.dispose();
      expect(tf.memory().numTensors).toBe(before.numTensors);
      return most - before.numBytes;
    };
    const given = (n: number): Batch => {
      const [whole] = tinySource({ size: n, batchSize: n }).batches(0, 0) as Iterable<Batch> as [Batch];
      return whole;
    };
    const micro = peak(given(8), 8);
    const accumulated = peak(given(256), 8);
    const whole = peak(given(256), 256);
    expect(accumulated).toBeLessThan(micro + gradients + 1000);
    expect(accumulated).toBeGreaterThan(micro);
    expect(whole).toBeGreaterThan(accumulated);
  });

  it('tells the mean norm of the gradients where they are clipped, and nowhere else', async () => {
    const clipped = await run(denseModel(), { clipNorm: 1e6 });
    const plain = await run(denseModel(), {});
    expect(clipped.rows).toHaveLength(6);
    for (const { gradientNorm } of clipped.rows) expect(gradientNorm).toBeGreaterThan(0.1);
    for (const row of plain.rows) expect(row).not.toHaveProperty('gradientNorm');
    // A bound that nothing reaches changes nothing.
    expect(clipped.weights).toEqual(plain.weights);
    const bounded = await run(denseModel(), { clipNorm: 0.01, clipValue: null });
    expect(bounded.weights).not.toEqual(plain.weights);
    const [first] = clipped.rows;
    expect(bounded.rows[0]!.gradientNorm).toBe(first!.gradientNorm);
  });
});

describe('microBatches', () => {
  it('cuts a batch into views of it, each image once and in order', () => {
    const shares = Float32Array.from(batch.labels, (_, i) => i / 10);
    const pieces = [...microBatches({ ...batch, mixed: { labels: batch.labels, shares } }, 4)];
    expect(pieces.map(({ shape }) => shape[0])).toEqual([4, 4, 2]);
    expect(pieces.flatMap(({ images }) => [...images])).toEqual([...batch.images]);
    expect(pieces.flatMap(({ labels }) => [...labels])).toEqual([...batch.labels]);
    expect(pieces.flatMap(({ mixed }) => [...mixed!.labels])).toEqual([...batch.labels]);
    expect(pieces.flatMap(({ mixed }) => [...mixed!.shares])).toEqual([...shares]);
    expect(pieces[1]!.images.buffer).toBe(batch.images.buffer);
  });

  it('draws numbers that differ for all micro-batches of steps that are not far apart', () => {
    expect(drawNumber(1400, 0)).toBe(1400);
    const near: number[] = [];
    for (let i = 0; i < 1024; i++) near.push(drawNumber(0, i));
    near.sort((a, b) => a - b);
    const gaps = near.map((value, i) => (near[i + 1] ?? 2 ** 31) - value);
    expect(Math.min(...gaps)).toBeGreaterThan(900_000);
    expect(near.every((value) => Number.isInteger(value) && value >= 0 && value < 2 ** 31)).toBe(true);
  });
});
