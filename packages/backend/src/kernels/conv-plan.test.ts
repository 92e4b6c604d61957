import * as tf from '@tensorflow/tfjs-core';
import { describe, expect } from 'vitest';
import type { XcpBackend } from '../backend';
import { expectClose, expectSame, itXcp, values } from '../testing/on-both';

const backend = () => tf.backend() as XcpBackend;
const tensor = <R extends tf.Rank>(seed: number, shape: tf.ShapeMap[R]) =>
  tf.tensor<R>(values(tf.util.sizeFromShape(shape), seed), shape);

type T4 = tf.Tensor4D;
type T1 = tf.Tensor1D;
const SHAPES = [[2, 6, 5, 7], [3, 3, 7, 19], [19], [19], [19], [19], [19]];

/** A convolution and what follows it; statistics are made positive. */
const chain =
  (after: (y: T4, norm: (y: T4) => T4) => tf.Tensor | tf.Tensor[], bias = false) =>
  (...t: tf.Tensor[]) => {
    const [x, filter, b, mean, variance, offset, scale] = t as [T4, T4, T1, T1, T1, T1, T1];
    const y = bias
      ? tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias: b })
      : tf.conv2d(x, filter, 1, 'same');
    return after(y as T4, (z) => tf.batchNorm4d(z, mean, tf.abs(variance), offset, scale, 1e-2));
  };

describe('a convolution that waits', () => {
  const cases: Record<string, ReturnType<typeof chain>> = {
    alone: chain((y) => y),
    'with an activation': chain((y) => tf.relu(y)),
    'with relu6 and a bias': chain((y) => tf.relu6(y), true),
    normalized: chain((y, norm) => norm(y)),
    'normalized, with a bias and an activation': chain((y, norm) => tf.relu(norm(y)), true),
    'activated and then normalized': chain((y, norm) => norm(tf.relu(y))),
    'normalized twice': chain((y, norm) => norm(norm(y))),
    'with two activations': chain((y) => tf.relu6(tf.relu(y))),
    'read between the steps': chain((y, norm) => {
      const z = norm(y);
      return [tf.relu(z), tf.neg(y), tf.square(z), y, z];
    }),
    'under another shape': chain((y, norm) => tf.relu(tf.reshape(norm(y), [10, 114]))),
    'two of them': chain((y, norm) => {
      const pointwise = tf.tensor4d(values(19 * 4, 9), [1, 1, 19, 4]);
      return tf.relu(tf.conv2d(tf.relu(norm(y)), pointwise, 1, 'valid'));
    }),
    'in front of a depthwise convolution': chain((y, norm) => {
      const filter = tf.tensor4d(values(9 * 19, 8), [3, 3, 19, 1]);
      const [a, b] = [tf.relu(y), tf.relu(tf.add(norm(y), 0.1))] as [T4, T4];
      return [tf.depthwiseConv2d(a, filter, 1, 'same'), tf.depthwiseConv2d(b, filter, 1, 'same'), b];
    }),
  };
  for (const [name, run] of Object.entries(cases)) {
    itXcp(`gives what its parts give: ${name}`, async () => {
      for (let times = 0; times < 3; times++) await expectSame(SHAPES, run);
    });
  }

  itXcp('keeps NaN where an activation follows', () => {
    const x = tf.tensor4d([Number.NaN, -1, 2], [1, 3, 1, 1]);
    const one = tf.tensor4d([1], [1, 1, 1, 1]);
    const y = tf.conv2d(x, one, 1, 'same');
    expect([...tf.relu(y).dataSync()]).toEqual([Number.NaN, 0, 2]);
    expect([...tf.depthwiseConv2d(tf.relu(tf.neg(x)) as T4, one, 1, 'same').dataSync()]).toEqual([
      Number.NaN,
      1,
      0,
    ]);
  });

  itXcp('has the values of when it was called, whatever happens to its inputs', () => {
    const x = tensor<tf.Rank.R4>(1, [1, 3, 3, 2]);
    const filter = tf.variable(tensor<tf.Rank.R4>(2, [1, 1, 2, 2]));
    const velocity = tf.variable(tf.zerosLike(filter));
    const expected = tf.conv2d(x, filter, 1, 'same').dataSync();
    const [before, other] = [tf.conv2d(x, filter, 1, 'same'), tf.conv2d(x, filter, 1, 'same')];
    const inputs = [filter, tf.onesLike(filter), velocity] as unknown as tf.NamedTensorInfoMap;
    const attrs = { learningRate: [1], momentum: 0, nesterov: false, decoupled: false, weightDecay: [0] };
    tf.getKernel('XcpSgdUpdate', tf.getBackend()).kernelFunc({ inputs, attrs, backend: backend() });
    expect([...before.dataSync()]).toEqual([...expected]);
    x.dispose();
    filter.assign(tf.zerosLike(filter));
    expect([...other.dataSync()]).toEqual([...expected]);
    tf.dispose([filter, velocity, before, other]);
  });

  itXcp('is never computed where nobody wants it, and leaves nothing behind', () => {
    const start = backend().memory().inUse;
    const before = backend().numDataIds();
    tf.tidy(() => {
      for (let i = 0; i < 3; i++) {
        const y = tf.conv2d(
          tensor<tf.Rank.R4>(1, [1, 8, 8, 4]),
          tensor<tf.Rank.R4>(2, [3, 3, 4, 4]),
          1,
          'same',
        );
        tf.relu(tf.relu(y));
      }
    });
    expect(backend().numDataIds()).toBe(before);
    expect(backend().memory().inUse).toBe(start);
  });
});

describe('a filter that comes again', () => {
  /** 1×1, normalized. */
  function layer() {
    const variable = <R extends tf.Rank>(make: () => tf.Tensor<R>) => tf.tidy(() => tf.variable(make()));
    const filter = variable(() => tensor<tf.Rank.R4>(1, [1, 1, 8, 40]));
    const mean = variable(() => tensor<tf.Rank.R1>(2, [40]));
    const variance = variable(() => tf.ones<tf.Rank.R1>([40]));
    const x = tensor<tf.Rank.R4>(3, [1, 2, 2, 8]);
    const run = () =>
      tf.tidy(() => [...tf.batchNorm4d(tf.conv2d(x, filter, 1, 'same'), mean, variance).dataSync()]);
    const slow = () =>
      tf.tidy(() => {
        const y = tf.matMul(tf.reshape(x, [4, 8]), tf.reshape(filter, [8, 40]));
        return [...tf.div(tf.sub(y, mean), tf.sqrt(tf.add(variance, 1e-3))).dataSync()];
      });
    return { filter, mean, variance, x, run, slow, all: [filter, mean, variance, x] };
  }

  itXcp('is kept in the order of the kernel, and the bits stay the same', () => {
    const { run, all } = layer();
    backend().trim();
    const { inUse } = backend().memory();
    const first = run();
    for (let i = 0; i < 3; i++) expect(run()).toEqual(first);
    expect(backend().memory().inUse).toBe(inUse);
    backend().trim();
    expect(run()).toEqual(first);
    tf.dispose(all);
  });

  itXcp('follows the weights, changed in place or replaced', () => {
    const { run, slow, filter, mean, all } = layer();
    for (let i = 0; i < 3; i++) run();
    const velocity = tf.variable(tf.zerosLike(filter));
    const attrs = { learningRate: [0.5], momentum: 0, nesterov: false, decoupled: false, weightDecay: [0] };
    const inputs = [filter, tf.onesLike(filter), velocity] as unknown as tf.NamedTensorInfoMap;
    tf.getKernel('XcpSgdUpdate', tf.getBackend()).kernelFunc({ inputs, attrs, backend: backend() });
    for (let i = 0; i < 3; i++) expectClose(run(), slow());
    filter.assign(tensor<tf.Rank.R4>(7, [1, 1, 8, 40]));
    for (let i = 0; i < 3; i++) expectClose(run(), slow());
    mean.assign(tensor<tf.Rank.R1>(8, [40]));
    for (let i = 0; i < 3; i++) expectClose(run(), slow());
    tf.dispose([...all, velocity]);
  });

  itXcp('is kept for each normalization of a filter that several share', () => {
    const { filter, x, all } = layer();
    const means = [1, 2, 3].map((seed) => tensor<tf.Rank.R1>(seed, [40]));
    const run = (mean: tf.Tensor1D) =>
      tf.tidy(() => [...tf.batchNorm4d(tf.conv2d(x, filter, 1, 'same'), mean, tf.onesLike(mean)).dataSync()]);
    const first = means.map(run);
    for (let i = 0; i < 3; i++) expect(means.map(run)).toEqual(first);
    tf.dispose([...all, ...means]);
  });

  itXcp('goes with its weights', () => {
    backend().trim();
    const before = backend().numDataIds();
    const { run, all } = layer();
    for (let i = 0; i < 3; i++) run();
    tf.dispose(all);
    expect(backend().numDataIds()).toBe(before);
  });
});
