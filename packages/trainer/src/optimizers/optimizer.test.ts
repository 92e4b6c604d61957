import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type OptimizerConfig, resolveOptimizer } from '../config/optimizer-config';
import { type ResolvedGroup, resolveGroups } from '../config/parameter-groups';
import { tinyModel } from '../fixtures/tiny';
import { trainStep } from '../train-step';
import { type Courses, createOptimizer, disposeOptimizer } from './optimizer';
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

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')) as Fixture;

const fixture = read('optimizers.json');
const ofKeras = read('rmsprop.json').cases;

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

/** A model with its optimizer; `step` gives the loss before it. */
function setUp(given: OptimizerConfig, courses: Courses = {}, labelSmoothing = 0) {
  const model = softmaxRegression();
  const config = resolveOptimizer(given);
  const parameters = trainableParameters(model, config);
  const optimizer = createOptimizer(config, parameters, courses);
  const { take } = trainStep(model, parameters, optimizer, labelSmoothing);
  const step = (number: number, learningRate = fixture.learningRate) => {
    const row = take(batch, learningRate, number);
    const [loss] = row.dataSync();
    row.dispose();
    return loss!;
  };
  return {
    parameters,
    optimizer,
    step,
    weights: () => parameters.map(({ variable }) => variable.dataSync()),
  };
}

beforeAll(() => tf.setBackend('cpu'));

describe('optimizers', () => {
  it.each([
    ...fixture.cases.map((golden) => ['torch', golden.optimizer, golden] as const),
    ...ofKeras.map((golden) => ['keras', golden.optimizer, golden] as const),
  ])('agrees with %s over 100 steps: %j', (_, given, golden) => {
    const { optimizer, step, weights } = setUp(given, {}, golden.labelSmoothing);
    const tensors = tf.memory().numTensors;
    golden.losses.forEach((expected, i) => {
      expect(step(i + 1)).toBeCloseTo(expected, 5);
      expect(tf.memory().numTensors).toBe(tensors);
      const after = golden.after[i + 1];
      if (!after) return;
      const [kernel, bias] = weights();
      expectClose(kernel!, after.kernel);
      expectClose(bias!, after.bias);
    });
    disposeOptimizer(optimizer);
  });

  it('decays SGD decoupled: by the rate of the step, and not through the velocity', () => {
    // Without weights in the gradient, what is left of the difference to a run without decay is the shrinking.
    const decay = 0.3;
    const decoupled = setUp({ name: 'sgd', momentum: 0.9, weightDecay: decay, decoupledWeightDecay: true });
    const [before] = decoupled.weights().map((values) => Array.from(values));
    const plain = setUp({ name: 'sgd', momentum: 0.9 });
    decoupled.step(1, 0.1);
    plain.step(1, 0.1);
    const [kernel, bias] = decoupled.weights();
    const [plainKernel, plainBias] = plain.weights();
    expectClose(
      kernel!,
      Array.from(plainKernel!, (w, i) => w - 0.1 * decay * before![i]!),
    );
    expect(bias).toEqual(plainBias);
    const velocities = [decoupled, plain].map(({ optimizer }) =>
      Object.values(optimizer.slots)[0]!.dataSync(),
    );
    expect(velocities[0]).toEqual(velocities[1]);
  });

  it.each(['sgd', 'adam', 'adamw', 'rmsprop', 'muon'] as const)(
    '%s takes momentum and weight decay from its courses',
    (name) => {
      const own = (momentum: number) => (name.startsWith('adam') ? { beta1: momentum } : { momentum });
      const courses = {
        momentum: (step: number) => 0.5 + step / 10,
        weightDecayFactor: (step: number) => step,
      };
      const moving = setUp({ name, weightDecay: 0.1 }, courses);
      moving.step(1);
      const fixed = setUp({ name, weightDecay: 0.1, ...own(0.6) });
      fixed.step(1);
      expect(moving.weights()).toEqual(fixed.weights());
      moving.step(2);
      fixed.step(2);
      expect(moving.weights()).not.toEqual(fixed.weights());
    },
  );

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
  const decays = (weightDecayExclude: string[], groups: ResolvedGroup[] = []) => {
    const parameters = trainableParameters(tinyModel(), { weightDecay: 0.5, weightDecayExclude, groups });
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

  it('treats the weights of a group as it says, the first group that matches before the others', () => {
    const groups = resolveGroups([
      { match: ['head/kernel'], learningRateScale: 3 },
      { match: ['bn/', '/bias'], weightDecay: 0.25 },
      { match: ['head'], learningRateScale: 7, weightDecay: 0 },
    ]);
    expect(decays(['head/'], groups)).toEqual({
      'conv/kernel': 0.5,
      'conv/bias': 0.25,
      'bn/gamma': 0.25,
      'bn/beta': 0.25,
      'head/kernel': 0,
      'head/bias': 0.25,
    });
    const parameters = trainableParameters(tinyModel(), { weightDecay: 0, weightDecayExclude: [], groups });
    expect(parameters.map(({ learningRateScale }) => learningRateScale)).toEqual([1, 1, 1, 1, 3, 1]);
    expect(() => decays([], resolveGroups([{ match: ['block'] }]))).toThrow(
      "optimizer.groups.0: `match` must name weights of the model, received 'block'",
    );
  });

  it('refuses a model with nothing to train', () => {
    const model = tinyModel();
    for (const layer of model.layers) layer.trainable = false;
    const config = { weightDecay: 0, weightDecayExclude: [], groups: [] };
    expect(() => trainableParameters(model, config)).toThrow('must have trainable weights, received none');
  });
});

describe('fused updates', () => {
  const calls: { inputs: tf.Tensor[]; attrs: Record<string, unknown> }[] = [];
  const names = ['XcpSgdUpdate', 'XcpAdamUpdate', 'XcpRmspropUpdate'];
  afterEach(() => {
    calls.length = 0;
    for (const kernelName of names) tf.unregisterKernel(kernelName, 'cpu');
  });

  it.each([
    [{ name: 'sgd', nesterov: true }, { momentum: 0.9, nesterov: true, decoupled: false }, 1],
    [{ name: 'sgd', decoupledWeightDecay: true }, { momentum: 0.9, nesterov: false, decoupled: true }, 1],
    [{ name: 'adam' }, { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 3, decoupled: false }, 2],
    [
      { name: 'adamw', epsilon: 1e-6 },
      { beta1: 0.9, beta2: 0.999, epsilon: 1e-6, step: 3, decoupled: true },
      2,
    ],
    [
      { name: 'rmsprop', epsilonInRoot: true },
      { rho: 0.9, momentum: 0.9, epsilon: 1e-8, epsilonInRoot: true, decoupled: false },
      2,
    ],
  ] as [OptimizerConfig, object, number][])(
    'hands everything to the kernel of the engine: %j',
    (given, numbers, slots) => {
      for (const kernelName of names) {
        const kernelFunc = ({ inputs, attrs }: object & { inputs: unknown; attrs?: unknown }) => {
          calls.push({ inputs, attrs } as never);
          return [];
        };
        tf.registerKernel({ kernelName, backendName: 'cpu', kernelFunc });
      }
      const model = softmaxRegression();
      const groups = [{ match: ['bias'], learningRateScale: 4 }];
      const config = resolveOptimizer({ ...given, weightDecay: 0.1, groups });
      const parameters = trainableParameters(model, config);
      const optimizer = createOptimizer(config, parameters);
      trainStep(model, parameters, optimizer, 0).take(batch, 0.5, 3).dispose();
      expect(calls).toHaveLength(1);
      const { inputs, attrs } = calls[0]!;
      expect(inputs.slice(0, 2)).toEqual(parameters.map(({ variable }) => variable));
      expect(inputs.slice(2, 4).map(({ shape }) => shape)).toEqual([[4, 3], [3]]);
      expect(inputs.slice(4)).toEqual(Object.values(optimizer.slots));
      expect(inputs).toHaveLength(4 + 2 * slots);
      expect(attrs).toEqual({ ...numbers, learningRate: [0.5, 2], weightDecay: [0.1, 0] });
      disposeOptimizer(optimizer);
    },
  );
});
