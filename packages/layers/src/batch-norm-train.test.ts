import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { batchNormTrain } from './batch-norm-train';
import { expectClose, expectNoLeak, numericGradient, wave } from './test-tools';

beforeAll(() => tf.setBackend('cpu'));

const options = { momentum: 0.9, epsilon: 1e-2 };
const movingOf = (channels: number) =>
  [tf.variable(tf.zeros([channels])), tf.variable(tf.ones([channels]))] as const;

/** Everything by loops over [rows][channels], in double precision. */
function naive(x: number[], channels: number, gamma: number[], beta: number[], relu: boolean) {
  const rows = x.length / channels;
  const at = (row: number, c: number) => x[row * channels + c]!;
  const y = [...x];
  const mean: number[] = [];
  const variance: number[] = [];
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += at(row, c);
    mean[c] = sum / rows;
    let squares = 0;
    for (let row = 0; row < rows; row++) squares += (at(row, c) - mean[c]!) ** 2;
    variance[c] = squares / rows;
    for (let row = 0; row < rows; row++) {
      const value =
        ((at(row, c) - mean[c]!) / Math.sqrt(variance[c]! + options.epsilon)) * gamma[c]! + beta[c]!;
      y[row * channels + c] = relu ? Math.max(0, value) : value;
    }
  }
  return { y, mean, variance };
}

/** The contract of the fused kernels, by loops, in the place where an engine would register its own. */
function registerNaiveKernels() {
  const runs: string[] = [];
  const tensor = (values: number[], shape: number[]) => tf.tensor(values, shape);
  const list = (t: tf.TensorInfo) =>
    Array.from((tf.backend().readSync(t.dataId) as Float32Array).subarray(0, tf.util.sizeFromShape(t.shape)));
  tf.registerKernel({
    kernelName: 'XcpBatchNormTrain',
    backendName: 'cpu',
    kernelFunc: ({ inputs, attrs }) => {
      runs.push('XcpBatchNormTrain');
      const { x, gamma, beta, movingMean, movingVariance } = inputs as tf.NamedTensorInfoMap;
      const { momentum, epsilon, relu, unbiasedVariance } = attrs as unknown as {
        momentum: number;
        epsilon: number;
        relu: boolean;
        unbiasedVariance: boolean;
      };
      const channels = gamma!.shape[0]!;
      const { y, mean, variance } = naive(list(x!), channels, list(gamma!), list(beta!), relu);
      const move = (moving: tf.TensorInfo, batch: number[]) => {
        if (momentum === 1) return;
        const values = tf.backend().readSync(moving.dataId) as Float32Array;
        batch.forEach((value, c) => {
          values[c] = values[c]! * momentum + value * (1 - momentum);
        });
      };
      move(movingMean!, mean);
      const rows = list(x!).length / channels;
      move(
        movingVariance!,
        variance.map((v) => (unbiasedVariance && rows > 1 ? (v * rows) / (rows - 1) : v)),
      );
      return [
        tensor(y, x!.shape),
        tensor(mean, [channels]),
        tensor(
          variance.map((v) => 1 / Math.sqrt(v + epsilon)),
          [channels],
        ),
      ];
    },
  });
  tf.registerKernel({
    kernelName: 'XcpBatchNormTrainGrad',
    backendName: 'cpu',
    kernelFunc: ({ inputs, attrs }) => {
      runs.push('XcpBatchNormTrainGrad');
      const [x, y, dy, gamma, mean, invStd] = ['x', 'y', 'dy', 'gamma', 'mean', 'invStd'].map((name) =>
        list(inputs[name] as tf.TensorInfo),
      ) as number[][];
      const channels = gamma!.length;
      const rows = x!.length / channels;
      const dx = x!.map(() => 0);
      const dgamma = gamma!.map(() => 0);
      const dbeta = gamma!.map(() => 0);
      const d = (i: number) => ((attrs as { relu?: boolean }).relu && y![i]! <= 0 ? 0 : dy![i]!);
      const normalized = (i: number) => (x![i]! - mean![i % channels]!) * invStd![i % channels]!;
      x!.forEach((_, i) => {
        dgamma[i % channels]! += d(i) * normalized(i);
        dbeta[i % channels]! += d(i);
      });
      x!.forEach((_, i) => {
        const c = i % channels;
        dx[i] = gamma![c]! * invStd![c]! * (d(i) - dbeta[c]! / rows - (normalized(i) * dgamma[c]!) / rows);
      });
      return [
        tensor(dx, (inputs.x as tf.TensorInfo).shape),
        tensor(dgamma, [channels]),
        tensor(dbeta, [channels]),
      ];
    },
  });
  return runs;
}

afterEach(() => {
  for (const name of ['XcpBatchNormTrain', 'XcpBatchNormTrainGrad']) {
    if (tf.getKernel(name, 'cpu')) tf.unregisterKernel(name, 'cpu');
  }
});

describe.each(['composed', 'fused'])('%s', (path) => {
  const prepare = () => (path === 'fused' ? registerNaiveKernels() : null);

  it('equals loops, whatever the rank, and moves the statistics as Keras does', () => {
    const runs = prepare();
    const shapes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(shapes, fc.boolean(), (shape, relu) => {
        const channels = shape.at(-1)!;
        const [x, gamma, beta] = [wave(shape), wave([channels], 1), wave([channels], 2)];
        const [movingMean, movingVariance] = movingOf(channels);
        const y = batchNormTrain(x, gamma, beta, movingMean, movingVariance, { ...options, relu });
        const lists = [x, gamma, beta].map((t) => Array.from(t.dataSync()));
        const expected = naive(lists[0]!, channels, lists[1]!, lists[2]!, relu);
        expect(y.shape).toEqual(shape);
        expectClose(y, expected.y);
        expectClose(
          movingMean,
          expected.mean.map((m) => 0.1 * m),
        );
        expectClose(
          movingVariance,
          expected.variance.map((v) => 0.9 + 0.1 * v),
        );
        tf.dispose([movingMean, movingVariance]);
      }),
      { numRuns: 25 },
    );
    if (runs) expect(runs.length).toBeGreaterThan(0);
  });

  it.each([1, 2, 7])('moves the variance of %i values without bias where asked, as PyTorch does', (n) => {
    prepare();
    const [movingMean, movingVariance] = movingOf(2);
    const x = wave([n, 2]);
    const [gamma, beta] = [tf.ones([2]), tf.zeros([2])];
    const { y, variance } = naive(Array.from(x.dataSync()), 2, [1, 1], [0, 0], false);
    const actual = batchNormTrain(x, gamma as tf.Tensor, beta as tf.Tensor, movingMean, movingVariance, {
      ...options,
      unbiasedVariance: true,
    });
    expectClose(actual, y);
    const unbiased = variance.map((v) => (n > 1 ? (v * n) / (n - 1) : 0));
    expectClose(
      movingVariance,
      unbiased.map((v) => 0.9 + 0.1 * v),
    );
    tf.dispose([movingMean, movingVariance]);
  });

  it.each([false, true])('has the gradients of finite differences (relu: %s)', (relu) => {
    const runs = prepare();
    const [x, gamma, beta, dy] = [wave([3, 2, 2, 2]), wave([2], 1), wave([2], 2), wave([3, 2, 2, 2], 3)];
    const [movingMean, movingVariance] = movingOf(2);
    const op = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) =>
      batchNormTrain(x, gamma, beta, movingMean, movingVariance, { ...options, relu });
    const [dx, dgamma, dbeta] = tf.grads((...args) => op(args[0]!, args[1]!, args[2]!))([x, gamma, beta], dy);
    expectClose(
      dx!,
      numericGradient((v) => op(v, gamma, beta), x, dy, 3e-3),
      2e-2,
    );
    expectClose(
      dgamma!,
      numericGradient((v) => op(x, v, beta), gamma, dy, 3e-3),
      2e-2,
    );
    expectClose(
      dbeta!,
      numericGradient((v) => op(x, gamma, v), beta, dy, 3e-3),
      2e-2,
    );
    if (runs) expect(runs).toContain('XcpBatchNormTrainGrad');
    tf.dispose([movingMean, movingVariance]);
  });

  it('moves nothing with a momentum of 1, not even by what is infinite', () => {
    prepare();
    const [movingMean, movingVariance] = movingOf(2);
    const x = tf.tensor2d([1, Number.POSITIVE_INFINITY, 2, 3], [2, 2]);
    batchNormTrain(x, wave([2]), wave([2]), movingMean, movingVariance, { ...options, momentum: 1 });
    expectClose(movingMean, [0, 0], 1e-9);
    expectClose(movingVariance, [1, 1], 1e-9);
    tf.dispose([movingMean, movingVariance]);
  });

  it('holds on to no tensor', () => {
    prepare();
    const [movingMean, movingVariance] = movingOf(2);
    const [x, gamma, beta] = [wave([4, 2]), wave([2], 1), wave([2], 2)];
    for (const relu of [false, true]) {
      const op = (x: tf.Tensor) =>
        batchNormTrain(x, gamma, beta, movingMean, movingVariance, { ...options, relu });
      expectNoLeak(() => op(x).dispose());
      expectNoLeak(() => tf.grad(op)(x).dispose());
    }
    tf.dispose([movingMean, movingVariance]);
  });
});

describe('refusals', () => {
  it('a vector that has not one entry per channel', () => {
    const [movingMean, movingVariance] = movingOf(2);
    const call = () =>
      batchNormTrain(wave([4, 2]), wave([3]), wave([2]), movingMean, movingVariance, options);
    expect(call).toThrow(
      'batchNormTrain: `gamma` must have shape [2], one entry per channel of `x`, received [3]',
    );
  });

  it('a second derivative, which would be wrong', () => {
    const [movingMean, movingVariance] = movingOf(2);
    const f = (x: tf.Tensor) =>
      batchNormTrain(x, tf.ones([2]), tf.zeros([2]), movingMean, movingVariance, options);
    expect(() => tf.grad(tf.grad(f))(wave([4, 2]))).toThrow(/only first derivatives/);
  });
});
