import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { backendStatus } from '@xcp/backend';
import { dropout, dropPath, setTrainingStep } from '@xcp/layers';
import { type BatchSource, memoryStore, resume, type TrainConfig, train } from '@xcp/trainer';
import { describe, expect, it } from 'vitest';

const { available } = backendStatus();

const data: BatchSource = {
  size: 48,
  stepsPerEpoch: 6,
  *batches(epoch, startStep) {
    for (let step = startStep; step < 6; step++) {
      const images = Float32Array.from({ length: 128 }, (_, i) => Math.sin(i + 31 * step + 7 * epoch));
      yield { images, labels: Int32Array.from({ length: 8 }, (_, i) => i % 3), shape: [8, 4, 4, 1] };
    }
  },
};

/** A residual block with a dropped path and dropout before the classifier. */
function model(): tfl.LayersModel {
  const kernelInitializer = tfl.initializers.glorotUniform({ seed: 1 });
  const x = tfl.input({ shape: [4, 4, 1] });
  const branch = tfl.layers
    .conv2d({ name: 'conv', filters: 4, kernelSize: 3, padding: 'same', kernelInitializer })
    .apply(x);
  const dropped = dropPath({ rate: 0.4, seed: 1 }).apply(branch) as tfl.SymbolicTensor;
  const sum = tfl.layers.add().apply([dropped, x]);
  const features = dropout({ rate: 0.4, seed: 2 }).apply(tfl.layers.flatten().apply(sum));
  const logits = tfl.layers
    .dense({ name: 'head', units: 3, kernelInitializer })
    .apply(features) as tfl.SymbolicTensor;
  return tfl.model({ inputs: x, outputs: logits });
}

const masksOf = (net: tfl.LayersModel, step: number): number[] => {
  setTrainingStep(net, step);
  return tf.tidy(() =>
    net.layers
      .filter((layer) => /Drop/.test(layer.getClassName()))
      .flatMap((layer) =>
        Array.from((layer.apply(tf.ones([9, 5]), { training: true }) as tf.Tensor).dataSync()),
      ),
  );
};

const weightsOf = (net: tfl.LayersModel) =>
  net.getWeights().flatMap((weight) => Array.from(weight.dataSync()));

/** Trains, and counts how often the layers were called in training. */
async function trained(backend: string, given: Partial<TrainConfig> = {}) {
  await tf.setBackend(backend);
  const net = model();
  let calls = 0;
  const layer = net.layers.find((layer) => layer.getClassName() === 'XcpDropout')!;
  const { call } = layer;
  layer.call = (inputs, kwargs) => {
    if ((kwargs as { training?: boolean }).training) calls++;
    return call.call(layer, inputs, kwargs);
  };
  const store = memoryStore();
  const config = { epochs: 3, optimizer: { name: 'sgd' as const }, ...given };
  await train({ model: net, trainData: data, store, config });
  return { net, store, calls };
}

describe.skipIf(!available)('dropout', () => {
  it('has the same masks on the engine as in JavaScript', async () => {
    const masks = [];
    for (const backend of ['cpu', 'xcp']) {
      await tf.setBackend(backend);
      const net = model();
      masks.push([0, 1, 12345, 2 ** 31 - 5].map((step) => masksOf(net, step)));
      net.dispose();
    }
    expect(masks[1]).toEqual(masks[0]);
    expect(masks[0]![0]).not.toEqual(masks[0]![1]);
  });

  it('is trained by a traced step, to the weights of one that is not', async () => {
    const plain = await trained('cpu');
    const expected = weightsOf(plain.net);
    expect(plain.calls).toBe(18);
    const traced = await trained('xcp');
    const actual = weightsOf(traced.net);
    // The first two calls are watched.
    expect(traced.calls).toBe(2);
    actual.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-5);
    });
    // What the run left in the layers can be used.
    expect(masksOf(traced.net, 3)).toHaveLength(90);
  });

  it('drops the same in every micro-batch, traced or not', async () => {
    const config = { microBatchSize: 3, clipNorm: 0.1 };
    const plain = await trained('cpu', config);
    const expected = weightsOf(plain.net);
    // Three micro-batches in each of 18 steps.
    expect(plain.calls).toBe(54);
    const traced = await trained('xcp', config);
    // The first two calls for each of two sizes are watched.
    expect(traced.calls).toBeLessThanOrEqual(8);
    weightsOf(traced.net).forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-5);
    });
  });

  it('is the same to the bit in a run that was stopped and resumed', async () => {
    const whole = await trained('xcp');
    const { store } = await trained('xcp', { maxSteps: 7 });
    const resumed = model();
    await resume({ model: resumed, trainData: data, store, config: { maxSteps: null } });
    expect(weightsOf(resumed)).toEqual(weightsOf(whole.net));
  });
});
