import * as tf from '@tensorflow/tfjs-core';
import { describe, expect } from 'vitest';
import type { XcpBackend } from '../backend';
import { expectClose, itXcp, useXcp, values } from '../testing/on-both';

/** Calls a kernel that only our backend has. */
function run(name: string, inputs: object, attrs: object): tf.TensorInfo[] {
  const outputs = tf.getKernel(name, tf.getBackend()).kernelFunc({
    inputs: inputs as tf.NamedTensorInfoMap,
    attrs: attrs as tf.NamedAttrMap,
    backend: tf.backend(),
  });
  return Array.isArray(outputs) ? outputs : [outputs];
}

const read = (info: tf.TensorInfo): number[] =>
  Array.from((tf.backend() as XcpBackend).readSync(info.dataId) as Float32Array);
const variable = (data: Float32Array) => tf.variable(tf.tensor1d(data));

/** Batch normalization by plain loops in double precision, with its closed-form gradient. */
function naiveBatchNorm(
  x: Float32Array,
  channels: number,
  gamma: Float32Array,
  beta: Float32Array,
  epsilon: number,
  relu: boolean,
  dy: Float32Array,
) {
  const rows = x.length / channels;
  const mean = new Array<number>(channels).fill(0);
  const variance = new Array<number>(channels).fill(0);
  x.forEach((v, i) => {
    mean[i % channels]! += v / rows;
  });
  x.forEach((v, i) => {
    variance[i % channels]! += (v - mean[i % channels]!) ** 2 / rows;
  });
  const xHat = Array.from(
    x,
    (v, i) => (v - mean[i % channels]!) / Math.sqrt(variance[i % channels]! + epsilon),
  );
  const linear = xHat.map((v, i) => v * gamma[i % channels]! + beta[i % channels]!);
  const y = linear.map((v) => (relu ? Math.max(v, 0) : v));
  const d = Array.from(dy, (v, i) => (relu && linear[i]! <= 0 ? 0 : v));
  const dbeta = new Array<number>(channels).fill(0);
  const dgamma = new Array<number>(channels).fill(0);
  d.forEach((v, i) => {
    dbeta[i % channels]! += v;
    dgamma[i % channels]! += v * xHat[i]!;
  });
  const dx = d.map((v, i) => {
    const c = i % channels;
    const scale = gamma[c]! / Math.sqrt(variance[c]! + epsilon);
    return scale * (v - dbeta[c]! / rows - (xHat[i]! * dgamma[c]!) / rows);
  });
  return { mean, variance, y, dx, dgamma, dbeta };
}

describe('XcpBatchNormTrain', () => {
  for (const relu of [false, true]) {
    for (const shape of [
      [2, 3, 3, 5],
      [7, 33],
      [600, 70],
    ]) {
      itXcp(`[${shape}]${relu ? ' with ReLU' : ''} equals naive loops`, async () => {
        await useXcp();
        const channels = shape.at(-1)!;
        const xValues = values(tf.util.sizeFromShape(shape)).map((v) => v * 3 + 1);
        const dyValues = values(xValues.length, 2);
        const [gamma, beta] = [values(channels, 3), values(channels, 4)];
        const [x, dy] = [tf.tensor(xValues, shape), tf.tensor(dyValues, shape)];
        const movingMean = variable(new Float32Array(channels).fill(0.5));
        const movingVariance = variable(new Float32Array(channels).fill(2));
        const expected = naiveBatchNorm(xValues, channels, gamma, beta, 1e-3, relu, dyValues);
        const g = tf.tensor1d(gamma);
        const [y, mean, invStd] = run(
          'XcpBatchNormTrain',
          { x, gamma: g, beta: tf.tensor1d(beta), movingMean, movingVariance },
          { momentum: 0.9, epsilon: 1e-3, relu },
        ) as [tf.TensorInfo, tf.TensorInfo, tf.TensorInfo];
        expectClose(read(y), expected.y);
        expectClose(read(mean), expected.mean);
        expectClose(
          read(invStd),
          expected.variance.map((v) => 1 / Math.sqrt(v + 1e-3)),
        );
        expectClose(
          Array.from(movingMean.dataSync()),
          expected.mean.map((m) => 0.45 + 0.1 * m),
        );
        expectClose(
          Array.from(movingVariance.dataSync()),
          expected.variance.map((v) => 1.8 + 0.1 * v),
        );
        const [dx, dgamma, dbeta] = run(
          'XcpBatchNormTrainGrad',
          { x, y, dy, gamma: g, mean, invStd },
          { relu },
        ) as [tf.TensorInfo, tf.TensorInfo, tf.TensorInfo];
        expectClose(read(dx), expected.dx);
        expectClose(read(dgamma), expected.dgamma);
        expectClose(read(dbeta), expected.dbeta);
      });
    }
  }
  for (const rows of [1, 2, 900]) {
    itXcp(`moves the variance of ${rows} rows without bias, and normalizes with bias`, async () => {
      await useXcp();
      const xValues = values(rows * 5);
      const ones = new Float32Array(5).fill(1);
      const { y, variance } = naiveBatchNorm(xValues, 5, ones, ones, 1e-3, false, xValues);
      const movingVariance = variable(new Float32Array(5).fill(2));
      const [actual] = run(
        'XcpBatchNormTrain',
        {
          x: tf.tensor(xValues, [rows, 5]),
          gamma: tf.ones([5]),
          beta: tf.ones([5]),
          movingMean: variable(new Float32Array(5)),
          movingVariance,
        },
        { momentum: 0.5, epsilon: 1e-3, unbiasedVariance: true },
      ) as [tf.TensorInfo];
      expectClose(read(actual), y);
      expectClose(
        Array.from(movingVariance.dataSync()),
        variance.map((v) => 1 + (rows > 1 ? (0.5 * v * rows) / (rows - 1) : 0)),
      );
    });
  }
  itXcp('refuses statistics of another size', async () => {
    await useXcp();
    const x = tf.ones([4, 3]);
    const ok = tf.ones([3]);
    expect(() =>
      run(
        'XcpBatchNormTrain',
        {
          x,
          gamma: tf.ones([2]),
          beta: ok,
          movingMean: variable(new Float32Array(3)),
          movingVariance: variable(new Float32Array(3)),
        },
        { momentum: 0.9, epsilon: 1e-3 },
      ),
    ).toThrow('`gamma` must hold 3 float32 values');
  });
});

describe('optimizer updates', () => {
  for (const [nesterov, decoupled] of [
    [false, false],
    [true, false],
    [false, true],
  ] as const) {
    itXcp(
      `SGD equals naive loops and leaves clones alone: nesterov ${nesterov}, decoupled decay ${decoupled}`,
      async () => {
        await useXcp();
        const sizes = [5, 70_001];
        const parameters = sizes.map((size, i) => variable(values(size, i + 1)));
        const gradients = sizes.map((size, i) => tf.tensor1d(values(size, i + 5)));
        const velocities = sizes.map((size, i) => variable(values(size, i + 9)));
        const clone = tf.clone(parameters[0]!);
        const weightDecay = [0, 0.1];
        const learningRate = [0.5, 0.25];
        run('XcpSgdUpdate', [...parameters, ...gradients, ...velocities], {
          learningRate,
          momentum: 0.9,
          nesterov,
          decoupled,
          weightDecay,
        });
        sizes.forEach((size, i) => {
          const [w, g, v] = [values(size, i + 1), values(size, i + 5), values(size, i + 9)];
          const [rate, decay] = [learningRate[i]!, weightDecay[i]!];
          const gradient = w.map((x, j) => g[j]! + (decoupled ? 0 : decay * x));
          const shrunk = w.map((x) => x * (decoupled ? 1 - rate * decay : 1));
          const velocity = v.map((x, j) => 0.9 * x + gradient[j]!);
          expectClose(Array.from(velocities[i]!.dataSync()), Array.from(velocity));
          expectClose(
            Array.from(parameters[i]!.dataSync()),
            Array.from(
              shrunk,
              (x, j) => x - rate * (nesterov ? gradient[j]! + 0.9 * velocity[j]! : velocity[j]!),
            ),
          );
        });
        expectClose(Array.from(clone.dataSync()), Array.from(values(5, 1)));
      },
    );
  }

  for (const decoupled of [false, true])
    itXcp(`Adam equals naive loops over several steps, decoupled decay ${decoupled}`, async () => {
      await useXcp();
      const size = 37;
      const [w, g] = [Array.from(values(size)), Array.from(values(size, 2))];
      const [m, s] = [new Array<number>(size).fill(0), new Array<number>(size).fill(0)];
      const inputs = [
        variable(values(size)),
        tf.tensor1d(g),
        variable(new Float32Array(size)),
        variable(new Float32Array(size)),
      ];
      for (let step = 1; step <= 5; step++) {
        run('XcpAdamUpdate', inputs, {
          learningRate: [0.01],
          beta1: 0.9,
          beta2: 0.999,
          epsilon: 1e-8,
          step,
          decoupled,
          weightDecay: [0.05],
        });
        for (let i = 0; i < size; i++) {
          const gradient = g[i]! + (decoupled ? 0 : 0.05 * w[i]!);
          if (decoupled) w[i]! *= 1 - 0.01 * 0.05;
          m[i] = 0.9 * m[i]! + 0.1 * gradient;
          s[i] = 0.999 * s[i]! + 0.001 * gradient ** 2;
          w[i]! -= (0.01 * (m[i]! / (1 - 0.9 ** step))) / (Math.sqrt(s[i]! / (1 - 0.999 ** step)) + 1e-8);
        }
      }
      expectClose(Array.from(inputs[0]!.dataSync()), w, 1e-5);
    });

  for (const inRoot of [false, true])
    itXcp(`RMSprop equals naive loops over several steps, epsilon in root ${inRoot}`, async () => {
      await useXcp();
      const size = 37;
      const [w, g] = [Array.from(values(size)), Array.from(values(size, 2))];
      const [s, v] = [new Array<number>(size).fill(0), new Array<number>(size).fill(0)];
      const zeros = () => variable(new Float32Array(size));
      const inputs = [variable(values(size)), tf.tensor1d(g), zeros(), zeros()];
      for (let step = 1; step <= 5; step++) {
        run('XcpRmspropUpdate', inputs, {
          learningRate: [0.01],
          rho: 0.9,
          momentum: 0.8,
          epsilon: 0.01,
          epsilonInRoot: inRoot,
          decoupled: false,
          weightDecay: [0.05],
        });
        for (let i = 0; i < size; i++) {
          const gradient = g[i]! + 0.05 * w[i]!;
          s[i] = 0.9 * s[i]! + 0.1 * gradient ** 2;
          v[i] = 0.8 * v[i]! + gradient / (inRoot ? Math.sqrt(s[i]! + 0.01) : Math.sqrt(s[i]!) + 0.01);
          w[i]! -= 0.01 * v[i]!;
        }
      }
      expectClose(Array.from(inputs[0]!.dataSync()), w, 1e-5);
    });

  itXcp('an average moves by its share, leaves clones alone and stays where it has arrived', async () => {
    await useXcp();
    const sizes = [5, 70_001];
    const averages = sizes.map((size, i) => variable(values(size, i + 1)));
    const weights = sizes.map((size, i) => tf.tensor1d(values(size, i + 5)));
    const clone = tf.clone(averages[0]!);
    run('XcpEmaUpdate', [...averages, ...weights], { decay: 0.9 });
    sizes.forEach((size, i) => {
      const [before, value] = [values(size, i + 1), values(size, i + 5)];
      const expected = Array.from(before, (x, j) => x + 0.1 * (value[j]! - x));
      expectClose(Array.from(averages[i]!.dataSync()), expected);
    });
    expectClose(Array.from(clone.dataSync()), Array.from(values(5, 1)));
    const arrived = [variable(values(70_001, 3)), tf.tensor1d(values(70_001, 3))];
    run('XcpEmaUpdate', arrived, { decay: 0.9 });
    expect(arrived[0]!.dataSync()).toEqual(values(70_001, 3));
    expect(() => run('XcpEmaUpdate', arrived, { decay: 1.5 })).toThrow(
      '`decay` must be from 0 to 1, received 1.5',
    );
    expect(() => run('XcpEmaUpdate', [variable(values(3)), tf.ones([4])], { decay: 0.9 })).toThrow(
      'for parameter 0',
    );
  });

  itXcp('refuses lists that do not match', async () => {
    await useXcp();
    const attrs = { learningRate: [1], momentum: 0, nesterov: false, decoupled: false, weightDecay: [0] };
    expect(() =>
      run('XcpSgdUpdate', [variable(values(3)), tf.ones([4]), variable(values(3))], attrs),
    ).toThrow('for parameter 0');
    const inputs = [1, 2, 3].map((seed) => variable(values(3, seed)));
    expect(() => run('XcpSgdUpdate', inputs, { ...attrs, learningRate: 1 })).toThrow(
      'XcpSgdUpdate: `learningRate` must be a list with one value for each of 1 parameters, received 1',
    );
    expect(() => run('XcpSgdUpdate', inputs, { ...attrs, weightDecay: [0, 1] })).toThrow(
      '`weightDecay` must be',
    );
  });
});

describe('memory', () => {
  itXcp('refuses what is past the limit, and goes on', async () => {
    await useXcp();
    const before = tf.memory();
    expect(() => tf.fill([2 ** 20, 2 ** 20], 1)).toThrow('out of memory');
    expect(tf.memory().numBytes).toBe(before.numBytes);
    expect(Array.from(tf.ones([2]).dataSync())).toEqual([1, 1]);
  });
});

describe('XcpSeparableConv2D', () => {
  itXcp(
    'computes a depthwise and a pointwise convolution and their gradients, as the two ops do',
    async () => {
      const strides = [1, 2] as [number, number];
      const data = {
        x: values(2 * 7 * 6 * 5, 1),
        depthwise: values(3 * 3 * 5 * 2, 2),
        pointwise: values(10 * 4, 3),
      };
      const make = () => ({
        x: tf.tensor4d(data.x, [2, 7, 6, 5]),
        depthwiseFilter: tf.tensor4d(data.depthwise, [3, 3, 5, 2]),
        pointwiseFilter: tf.tensor4d(data.pointwise, [1, 1, 10, 4]),
      });
      const attrs = { strides, pad: 'same' };
      const { x, depthwiseFilter, pointwiseFilter } = make();
      const [y, z] = run('XcpSeparableConv2D', { x, depthwiseFilter, pointwiseFilter }, attrs);
      const dy = tf.tensor4d(values(2 * 7 * 3 * 4, 4), [2, 7, 3, 4]);
      const held = tf.memory().numDataBuffers;
      const own = run('XcpSeparableConv2DGrad', { x, depthwiseFilter, pointwiseFilter, z, dy }, attrs);
      const actual = [y!, ...own].map(read);
      expect(tf.memory().numDataBuffers).toBe(held);

      await tf.setBackend('cpu');
      const other = make();
      const f = (...[x, d, p]: tf.Tensor[]) =>
        tf.separableConv2d(x as tf.Tensor4D, d as tf.Tensor4D, p as tf.Tensor4D, strides, 'same');
      const inputs = [other.x, other.depthwiseFilter, other.pointwiseFilter] as const;
      const expected = [f(...inputs), ...tf.grads(f)([...inputs], tf.tensor4d(values(168, 4), [2, 7, 3, 4]))];
      for (const [i, tensor] of expected.entries()) expectClose(actual[i]!, Array.from(tensor.dataSync()));
    },
  );
});
