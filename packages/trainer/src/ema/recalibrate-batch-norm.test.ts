import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { batchNormalization } from '@xcp/layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Batch, BatchSource } from '../batch';
import { weightBits } from '../fixtures/exact';
import { tinyModel, tinySource } from '../fixtures/tiny';
import { train } from '../train';
import { recalibrateBatchNorm } from './recalibrate-batch-norm';

type Statistics = { mean: number[]; variance: number[] }[];
const golden: { batches: number[][]; unbiased: Statistics; biased: Statistics } = JSON.parse(
  readFileSync(new URL('../fixtures/batch-norm.json', import.meta.url), 'utf8'),
);

beforeAll(() => tf.setBackend('cpu'));

const data: BatchSource = {
  size: 10,
  stepsPerEpoch: 3,
  batches: () =>
    golden.batches.map((values): Batch => {
      const n = values.length / 8;
      return { images: Float32Array.from(values), shape: [n, 2, 2, 2], labels: new Int32Array(n) };
    }),
};

type Kind = (name: string) => tfl.layers.Layer;
const kinds: Record<string, Kind> = {
  biased: (name) => tfl.layers.batchNormalization({ name, epsilon: 1e-3, momentum: 0.9 }),
  unbiased: (name) => batchNormalization({ name, epsilon: 1e-3, momentum: 0.9, unbiasedVariance: true }),
};

/** Two batch-norm layers with the fixture's gamma and beta, the first of them in a model of its own. */
function model(kind: Kind): tfl.LayersModel {
  const [first, second] = [kind('first'), kind('second')];
  const input = tfl.input({ shape: [2, 2, 2] });
  const inner = tfl.model({ inputs: input, outputs: first.apply(input) as tfl.SymbolicTensor });
  const outer = tfl.input({ shape: [2, 2, 2] });
  let x = tfl.layers.reLU().apply(inner.apply(outer)) as tfl.SymbolicTensor;
  x = tfl.layers.flatten().apply(second.apply(x)) as tfl.SymbolicTensor;
  const outputs = tfl.layers.dense({ units: 3 }).apply(x) as tfl.SymbolicTensor;
  const vectors = (...values: number[][]) => values.map((value) => tf.tensor1d(value));
  first.setWeights(vectors([1.5, 0.5], [0.25, -0.25], [9, 9], [1, 1]));
  second.setWeights(vectors([1, 2], [0, 1], [9, 9], [1, 1]));
  return tfl.model({ inputs: outer, outputs });
}

const statisticsOf = (network: tfl.LayersModel) => {
  const named = (name: string) => network.weights.find((weight) => weight.originalName === name)!.read();
  return ['first', 'second'].map((name) => ({
    mean: named(`${name}/moving_mean`).arraySync() as number[],
    variance: named(`${name}/moving_variance`).arraySync() as number[],
  }));
};

describe('recalibrateBatchNorm', () => {
  it.each(['biased', 'unbiased'] as const)('has the statistics of torch: %s', async (kind) => {
    const network = model(kinds[kind]!);
    const tensors = tf.memory().numTensors;
    await recalibrateBatchNorm({ model: network, data });
    expect(tf.memory().numTensors).toBe(tensors);
    statisticsOf(network).forEach(({ mean, variance }, i) => {
      const expected = golden[kind][i]!;
      for (const channel of [0, 1]) {
        expect(mean[channel]).toBeCloseTo(expected.mean[channel]!, 5);
        expect(variance[channel]).toBeCloseTo(expected.variance[channel]!, 4);
      }
    });
  });

  it('counts the batches of each application where a layer has statistics for several', async () => {
    const shared = batchNormalization({ name: 'shared', applications: 2, momentum: 0.9 });
    const input = tfl.input({ shape: [2, 2, 2] });
    const once = shared.apply(input) as tfl.SymbolicTensor;
    const flat = tfl.layers
      .flatten()
      .apply(shared.apply(tfl.layers.reLU().apply(once))) as tfl.SymbolicTensor;
    const outputs = tfl.layers.dense({ units: 3 }).apply(flat) as tfl.SymbolicTensor;
    const network = tfl.model({ inputs: input, outputs });
    await recalibrateBatchNorm({ model: network, data });
    const mean = network.weights.find(({ originalName }) => originalName === 'shared/moving_mean')!.read();
    expect((mean.arraySync() as number[])[0]).toBeCloseTo(golden.biased[0]!.mean[0]!, 5);
  });

  it('takes as many batches as it is told, and leaves the layers as they were', async () => {
    const [whole, part] = [model(kinds.biased!), model(kinds.biased!)];
    await recalibrateBatchNorm({ model: whole, data });
    await recalibrateBatchNorm({ model: part, data, batches: 1 });
    expect(statisticsOf(part)).not.toEqual(statisticsOf(whole));
    // What it forgets of a model that goes on being trained must be nothing.
    const [one, other] = [tinyModel(), tinyModel()];
    await recalibrateBatchNorm({ model: one, data: tinySource() });
    expect(one.getLayer('bn').getConfig().momentum).toBe(0.9);
    expect(Object.hasOwn(one.getLayer('bn'), 'call')).toBe(false);
    one.getLayer('bn').setWeights(other.getLayer('bn').getWeights());
    for (const network of [one, other])
      await train({ model: network, trainData: tinySource(), config: { epochs: 1 } });
    expect(await weightBits(one)).toEqual(await weightBits(other));
  });

  it('leaves the statistics as they were where it fails', async () => {
    const network = model(kinds.unbiased!);
    const before = await weightBits(network);
    const tensors = tf.memory().numTensors;
    const attempt = (options: object) => recalibrateBatchNorm({ model: network, data, ...options });
    await expect(attempt({ batches: 4 })).rejects.toThrow(
      '`batches` must be a whole number, at least 1 and at most 3',
    );
    await expect(attempt({ batch: 4 })).rejects.toThrow('did you mean `batches`?');
    await expect(attempt({ data: { ...data, stepsPerEpoch: 4 } })).rejects.toThrow(
      'recalibrateBatchNorm: `data` must give 4 batches, received 3',
    );
    const controller = new AbortController();
    const stopping: BatchSource = {
      ...data,
      *batches() {
        yield* data.batches(0, 0) as Iterable<Batch>;
        controller.abort(new Error('enough'));
        yield [...(data.batches(0, 0) as Iterable<Batch>)][0]!;
      },
    };
    await expect(
      attempt({ data: { ...stopping, stepsPerEpoch: 4 }, signal: controller.signal }),
    ).rejects.toThrow('enough');
    expect(await weightBits(network)).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
  });
});
