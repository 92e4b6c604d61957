import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { type MuonConfig, resolveOptimizer } from '../config/optimizer-config';
import { createOptimizer, disposeOptimizer } from './optimizer';
import { orthogonalize } from './orthogonalize';
import type { Parameter } from './parameters';

interface Fixture {
  learningRate: number;
  shapes: [number, number][];
  cases: { optimizer: MuonConfig; after: Record<string, number[][]> }[];
}

const { learningRate, shapes, cases } = JSON.parse(
  readFileSync(new URL('../fixtures/muon.json', import.meta.url), 'utf8'),
) as Fixture;

const noise = (seed: number, count: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(1 + seed + 1.7 * i));

/** A kernel of a convolution for each shape, named as its layer's would be. */
function parametersOf(weightDecay: number): Parameter[] {
  const windows = [
    [1, 1, 4, 6],
    [3, 3, 2, 5],
    [1, 1, 1, 3],
  ] as [number, number, number, number][];
  return windows.map((shape, i) => ({
    name: `conv${i}/${i === 1 ? 'kernel' : 'pointwise_kernel'}`,
    variable: tf.variable(tf.tensor4d(noise(i, tf.util.sizeFromShape(shape)), shape)),
    learningRateScale: 1,
    weightDecay,
    constraint: null,
  }));
}

beforeAll(() => tf.setBackend('cpu'));

describe('muon', () => {
  it.each(cases)('agrees with torch over 20 steps: $optimizer', ({ optimizer: config, after }) => {
    const parameters = parametersOf(config.weightDecay!);
    const optimizer = createOptimizer(resolveOptimizer(config), parameters);
    const tensors = tf.memory().numTensors;
    for (let step = 1; step <= 20; step++) {
      const gradients = parameters.map(({ variable }, i) =>
        tf.tensor(noise(100 * step + i, variable.size), variable.shape),
      );
      optimizer.apply(gradients, learningRate, step);
      tf.dispose(gradients);
      expect(tf.memory().numTensors).toBe(tensors);
      after[step]?.forEach((expected, i) => {
        const received = parameters[i]!.variable.dataSync();
        expect(received).toHaveLength(shapes[i]![0] * shapes[i]![1]);
        expected.forEach((value, j) => {
          expect(received[j]).toBeCloseTo(value, 4);
        });
      });
    }
    disposeOptimizer(optimizer);
  });

  it('leaves depthwise kernels, vectors and dense kernels to SGD with decoupled decay, at rates of their own', () => {
    const config = { momentum: 0.8, nesterov: true, weightDecay: 0.5, groups: [] };
    const treated = (name: string, shape: number[], learningRateScale = 1): Parameter => ({
      name,
      variable: tf.variable(tf.tensor(noise(1, tf.util.sizeFromShape(shape)), shape)),
      learningRateScale,
      weightDecay: 0.5,
      constraint: null,
    });
    const rest = (scale: number) => [
      treated('a/depthwise_kernel', [3, 3, 4, 1], scale),
      treated('a/bias', [4], 3 * scale),
      treated('head/kernel', [4, 2], scale),
    ];
    const matrix = treated('a/pointwise_kernel', [1, 1, 4, 4]);
    const own = [...rest(1).slice(0, 2), matrix, rest(1)[2]!];
    const before = matrix.variable.dataSync().slice();
    const expected = rest(2);
    const optimizer = createOptimizer(
      resolveOptimizer({ name: 'muon', sgdLearningRateScale: 2, ...config }),
      own,
    );
    const sgd = createOptimizer(
      resolveOptimizer({ name: 'sgd', decoupledWeightDecay: true, ...config }),
      expected,
    );
    expect(Object.keys(optimizer.slots)).toEqual([
      'a/pointwise_kernel/velocity',
      'a/depthwise_kernel/velocity',
      'a/bias/velocity',
      'head/kernel/velocity',
    ]);
    for (let step = 1; step <= 3; step++) {
      const gradient = ({ variable }: Parameter) => tf.tensor(noise(step, variable.size), variable.shape);
      optimizer.apply(own.map(gradient), 0.1, step);
      sgd.apply(expected.map(gradient), 0.1, step);
    }
    const others = own.filter((parameter) => parameter !== matrix);
    expect(others.map(({ variable }) => variable.dataSync())).toEqual(
      expected.map(({ variable }) => variable.dataSync()),
    );
    expect(matrix.variable.dataSync()).not.toEqual(before);
  });

  it('trains a model without any convolution', () => {
    const bias: Parameter = {
      name: 'bias',
      variable: tf.variable(tf.zeros([2])),
      learningRateScale: 1,
      weightDecay: 0,
      constraint: null,
    };
    createOptimizer(resolveOptimizer({ name: 'muon' }), [bias]).apply([tf.ones([2])], 0.1, 1);
    expect(bias.variable.dataSync()[0]).toBeCloseTo(-1 * 1.95, 5);
  });

  it('refuses what it cannot do', () => {
    const refused = (given: object) => () => resolveOptimizer({ name: 'muon', ...given });
    expect(refused({ newtonSchulzSteps: 0 })).toThrow(
      '`newtonSchulzSteps` must be a whole number, at least 1',
    );
    expect(refused({ sgdLearningRateScale: 0 })).toThrow(
      '`sgdLearningRateScale` must be a number, greater than 0',
    );
    expect(refused({ momentum: 0 })).toThrow('`nesterov` needs a `momentum` above 0');
    expect(refused({ momentum: 0, nesterov: false })).not.toThrow();
    expect(refused({ decoupledWeightDecay: true })).toThrow('decoupledWeightDecay');
  });
});

describe('orthogonalize', () => {
  it.each([
    [5, 9],
    [9, 5],
  ])('brings the singular values of [%i, %i] near 1', (rows, columns) => {
    const matrix = tf.tensor2d(noise(2, rows * columns), [rows, columns]);
    const moved = orthogonalize(orthogonalize(tf.add(matrix, tf.eye(rows, columns)), 10), 5);
    const gram = tf.matMul(moved, moved, rows > columns, rows <= columns).arraySync() as number[][];
    gram.forEach((row, i) => {
      row.forEach((value, j) => {
        expect(Math.abs(value - (i === j ? 1 : 0))).toBeLessThan(0.5);
      });
    });
  });

  it('leaves zeros at zero', () => {
    expect(orthogonalize(tf.zeros([2, 3]), 5).dataSync()).toEqual(new Float32Array(6));
  });
});
