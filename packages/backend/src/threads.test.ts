import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import '@tensorflow/tfjs-layers'; // registers the gradients
import './index';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { XcpBackend } from './backend';
import { itNative, itXcp, values } from './testing/on-both';

type T4 = tf.Tensor4D;

const program = fileURLToPath(new URL('testing/pool-program.mjs', import.meta.url));
const addon = fileURLToPath(new URL('../native', import.meta.url));
const COUNTS = [1, 2, 3, 8];

let backend: XcpBackend;
let usual: number;
beforeAll(async () => {
  await tf.setBackend('xcp').catch(() => false);
  backend = tf.backend() as XcpBackend;
  usual = backend.threads;
});
afterAll(() => backend.setThreads?.(usual));

const numbers = (shape: number[], seed = 1) => tf.tensor(values(tf.util.sizeFromShape(shape), seed), shape);

/** Programs over all families of kernels, with sizes that give every one of them several tasks. */
const families: Record<string, () => tf.Tensor[]> = {
  'matrix product': () => [
    tf.matMul(numbers([130, 700]) as tf.Tensor2D, numbers([700, 90], 2) as tf.Tensor2D),
    tf.matMul(numbers([1500, 70]) as tf.Tensor2D, numbers([65, 70], 2) as tf.Tensor2D, false, true),
  ],
  convolution: () => {
    const { grads, value } = tf.valueAndGrads((x: tf.Tensor, f: tf.Tensor) =>
      tf.sum(tf.square(tf.conv2d(x as T4, f as T4, 2, 'same'))),
    )([numbers([5, 23, 19, 33]), numbers([3, 3, 33, 40], 2)]);
    return [...grads, value];
  },
  depthwise: () => {
    const run = (x: tf.Tensor, f: tf.Tensor) =>
      tf.sum(tf.square(tf.depthwiseConv2d(x as T4, f as T4, 1, 'same')));
    const { grads, value } = tf.valueAndGrads(run)([numbers([20, 17, 17, 37]), numbers([3, 3, 37, 1], 2)]);
    return [...grads, value];
  },
  'batch normalization': () => {
    const [x, gamma] = [numbers([3000, 37]), numbers([37], 2)];
    const moving = [tf.variable(numbers([37], 3)), tf.variable(numbers([37], 4))];
    const inputs = { x, gamma, beta: gamma, movingMean: moving[0]!, movingVariance: moving[1]! };
    const [y, mean, invStd] = tf.engine().runKernel('XcpBatchNormTrain', inputs, {
      momentum: 0.9,
      epsilon: 1e-3,
    }) as tf.Tensor[];
    const gradients = tf
      .engine()
      .runKernel('XcpBatchNormTrainGrad', { x, y: y!, dy: x, gamma, mean: mean!, invStd: invStd! }, {});
    const copies = moving.map((variable) => tf.mul(variable, 1));
    tf.dispose(moving);
    return [y!, mean!, invStd!, ...(gradients as unknown as tf.Tensor[]), ...copies];
  },
  pooling: () =>
    [tf.maxPool, tf.avgPool].flatMap((pool) => {
      const run = (x: tf.Tensor) => tf.sum(tf.square(pool(x as T4, 3, 2, 'same'))) as tf.Scalar;
      const { grad, value } = tf.valueAndGrad(run)(numbers([7, 21, 21, 70]));
      return [grad, value];
    }),
  elementwise: () => {
    const x = numbers([300, 999]);
    return [tf.exp(x), tf.add(x, numbers([999], 2)), tf.relu6(x), tf.addN([x, x, x]), tf.transpose(x)];
  },
  reduction: () => {
    const x = numbers([700, 333]);
    return [tf.sum(x), tf.sum(x, 0), tf.mean(x, 1), tf.max(x, 1), tf.softmax(x as tf.Tensor2D)];
  },
  optimizer: () => {
    const tensors = [1, 2, 3].map((seed) => tf.variable(numbers([200_001], seed)));
    tf.engine().runKernel('XcpSgdUpdate', tensors as unknown as tf.NamedTensorMap, {
      learningRate: [0.1],
      momentum: 0.9,
      nesterov: true,
      decoupled: false,
      weightDecay: [1e-4],
    });
    const copies = tensors.map((variable) => tf.mul(variable, 1));
    tf.dispose(tensors);
    return copies;
  },
};

describe('results do not depend on the number of threads', () => {
  for (const [name, run] of Object.entries(families)) {
    itXcp(name, () => {
      const results = COUNTS.map((count) => {
        backend.setThreads(count);
        expect(backend.threads).toBe(count);
        const tensors = tf.tidy(run);
        const bits = tensors.map((tensor) => Buffer.from(tensor.dataSync().buffer).toString('base64'));
        tf.dispose(tensors);
        return bits;
      });
      for (const result of results) expect(result).toEqual(results[0]);
    });
  }

  itXcp('rejects a number of threads out of range', () => {
    for (const count of [0, 1.5, 257]) expect(() => backend.setThreads(count)).toThrow(`received ${count}`);
  });
});

describe('the pool of threads', () => {
  const run = (scenario: string) =>
    promisify(execFile)(process.execPath, [program, scenario, addon], { timeout: 50_000 });

  for (const [name, scenario] of [
    ['serves several JavaScript threads at once', 'shared'],
    ['outlives the worker that loaded it', 'unloaded'],
    ['survives workers that are terminated in the middle, and their memory goes with them', 'terminated'],
    ['can be resized while it is used', 'resized'],
    ['does not hold up the end of the process', 'exits'],
  ] as const) {
    itNative(name, async () => {
      await expect(run(scenario)).resolves.toMatchObject({ stderr: '' });
    });
  }

  itNative('makes progress in several processes that share the cores', async () => {
    const runs = await Promise.all(Array.from({ length: 4 }, () => run('crowded')));
    for (const { stderr } of runs) expect(stderr).toBe('');
  });
});
