import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type OptimizerConfig, resolveOptimizer } from '../config/optimizer-config';
import { tinyModel } from '../fixtures/tiny';
import { trainStep } from '../train-step';
import { createOptimizer, disposeOptimizer } from './optimizer';
import { trainableParameters } from './parameters';

interface Fixture {
  learningRate: number;
  images: number[];
  labels: number[];
  kernel: number[];
  bias: number[];
  cases: {
    optimizer: OptimizerConfig;
    labelSmoothing: number;
    losses: number[];
    after: Record<string, { kernel: number[]; bias: number[] }>;
  }[];
}

const fixture = JSON.parse(
  readFileSync(new URL('../fixtures/optimizers.json', import.meta.url), 'utf8'),
) as Fixture;

const batch = {
  images: Float32Array.from(fixture.images),
  labels: Int32Array.from(fixture.labels),
  shape: [6, 2, 2, 1] as [number, number, number, number],
};

function softmaxRegression() {
  const model = tfl.sequential({
    layers: [tfl.layers.flatten({ inputShape: [2, 2, 1] }), tfl.layers.dense({ units: 3 })],
  });
  model.setWeights([tf.tensor2d(fixture.kernel, [4, 3]), tf.tensor1d(fixture.bias)]);
  return model;
}

function expectClose(received: ArrayLike<number>, expected: readonly number[]) {
  expected.forEach((value, i) => {
    expect(received[i]).toBeCloseTo(value, 5);
  });
}

beforeAll(() => tf.setBackend('cpu'));

describe('optimizers', () => {
  it.each(fixture.cases)('agrees with torch over 100 steps: $optimizer', (golden) => {
    const model = softmaxRegression();
    const config = resolveOptimizer(golden.optimizer);
    const parameters = trainableParameters(model, config);
    const optimizer = createOptimizer(config, parameters);
    const { take } = trainStep(model, parameters, optimizer, golden.labelSmoothing);
    const tensors = tf.memory().numTensors;
    golden.losses.forEach((expected, i) => {
      const row = take(batch, fixture.learningRate, i + 1);
      expect(row.dataSync()[0]).toBeCloseTo(expected, 5);
      row.dispose();
      expect(tf.memory().numTensors).toBe(tensors);
      const after = golden.after[i + 1];
      if (!after) return;
      expectClose(parameters[0]!.variable.dataSync(), after.kernel);
      expectClose(parameters[1]!.variable.dataSync(), after.bias);
    });
    disposeOptimizer(optimizer);
  });

  it('frees its slots', () => {
    const config = resolveOptimizer({ name: 'adam' });
    const parameters = trainableParameters(softmaxRegression(), config);
    const tensors = tf.memory().numTensors;
    const optimizer = createOptimizer(config, parameters);
    expect(tf.memory().numTensors).toBe(tensors + 4);
    expect(Object.keys(optimizer.slots)[0]).toMatch(/^dense_.*\/kernel\/first_moment$/);
    disposeOptimizer(optimizer);
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

describe('trainableParameters', () => {
  const decays = (weightDecayExclude: string[]) => {
    const parameters = trainableParameters(tinyModel(), { weightDecay: 0.5, weightDecayExclude });
    return Object.fromEntries(parameters.map(({ name, weightDecay }) => [name, weightDecay]));
  };

  it('lets kernels decay, and neither biases nor batch norm', () => {
    expect(decays([])).toEqual({
      'conv/kernel': 0.5,
      'conv/bias': 0,
      'bn/gamma': 0,
      'bn/beta': 0,
      'head/kernel': 0.5,
      'head/bias': 0,
    });
  });

  it('spares what is excluded, and says so where nothing is called like that', () => {
    expect(decays(['conv/'])).toMatchObject({ 'conv/kernel': 0, 'head/kernel': 0.5 });
    expect(() => decays(['depthwise'])).toThrow("must name weights of the model, received 'depthwise'");
  });

  it('refuses a model with nothing to train', () => {
    const model = tinyModel();
    for (const layer of model.layers) layer.trainable = false;
    const config = { weightDecay: 0, weightDecayExclude: [] };
    expect(() => trainableParameters(model, config)).toThrow('must have trainable weights, received none');
  });
});

describe('fused updates', () => {
  const calls: { inputs: tf.Tensor[]; attrs: Record<string, unknown> }[] = [];
  const names = ['XcpSgdUpdate', 'XcpAdamUpdate'];
  afterEach(() => {
    calls.length = 0;
    for (const kernelName of names) tf.unregisterKernel(kernelName, 'cpu');
  });

  it.each([
    [{ name: 'sgd', nesterov: true, weightDecay: 0.1 }, ['momentum', 'nesterov'], 1],
    [{ name: 'adam', weightDecay: 0.1 }, ['beta1', 'beta2', 'epsilon', 'step'], 2],
  ] as [OptimizerConfig, string[], number][])(
    'hands everything to the kernel of the engine: %j',
    (given, keys, slots) => {
      for (const kernelName of names) {
        const kernelFunc = ({ inputs, attrs }: object & { inputs: unknown; attrs?: unknown }) => {
          calls.push({ inputs, attrs } as never);
          return [];
        };
        tf.registerKernel({ kernelName, backendName: 'cpu', kernelFunc });
      }
      const model = softmaxRegression();
      const config = resolveOptimizer(given);
      const parameters = trainableParameters(model, config);
      const optimizer = createOptimizer(config, parameters);
      trainStep(model, parameters, optimizer, 0).take(batch, 0.5, 3).dispose();
      expect(calls).toHaveLength(1);
      const { inputs, attrs } = calls[0]!;
      expect(inputs.slice(0, 2)).toEqual(parameters.map(({ variable }) => variable));
      expect(inputs.slice(2, 4).map(({ shape }) => shape)).toEqual([[4, 3], [3]]);
      expect(inputs.slice(4)).toEqual(Object.values(optimizer.slots));
      expect(inputs).toHaveLength(4 + 2 * slots);
      expect(Object.keys(attrs).sort()).toEqual(['learningRate', 'weightDecay', ...keys].sort());
      expect(attrs).toMatchObject({ learningRate: 0.5, weightDecay: [0.1, 0] });
      disposeOptimizer(optimizer);
    },
  );
});
