import * as tf from '@tensorflow/tfjs-core';
import { describe, expect } from 'vitest';
import { expectClose, expectSame, itXcp, runOn, useXcp, values, weightedSum } from '../testing/on-both';

type T4 = tf.Tensor4D;

describe('elementwise kernels against the cpu backend', () => {
  const ops = { add: tf.add, sub: tf.sub, mul: tf.mul, div: tf.div, squaredDifference: tf.squaredDifference };
  const shapes: [number[], number[]][] = [
    [
      [3, 4, 5],
      [3, 4, 5],
    ],
    [[3, 4, 5], [5]],
    [
      [3, 4, 5],
      [4, 1],
    ],
    [
      [3, 1, 5],
      [1, 4, 1],
    ],
    [[], [2, 3]],
    [[20, 21], []],
    [
      [2, 1, 3, 1, 2],
      [1, 4, 1, 5, 1],
    ],
  ];
  for (const [name, op] of Object.entries(ops)) {
    for (const [a, b] of shapes) {
      itXcp(`${name} [${a}] [${b}]`, () => expectSame([a, b], (x, y) => (op as typeof tf.add)(x, y)));
    }
  }
  const special = Float32Array.of(0, -0, 1, -1, Number.NaN, Infinity, -Infinity, 3e38, 1e-40, 7, -7, 0.5);
  const unary = {
    relu: tf.relu,
    relu6: tf.relu6,
    neg: tf.neg,
    square: tf.square,
    exp: tf.exp,
    log: tf.log,
    sqrt: tf.sqrt,
    abs: tf.abs,
    step: tf.step,
  };
  for (const [name, op] of Object.entries(unary)) {
    itXcp(`${name} of odd sizes`, () => expectSame([[3, 7, 11]], (x) => (op as typeof tf.relu)(x)));
    itXcp(`${name} of special values`, () =>
      expectSame([[12]], (x) => (op as typeof tf.relu)(x), { values: [special] }),
    );
  }
  itXcp('leaves what it lacks to the fallback, and counts it', async () => {
    const { outputs, fallbacks } = await runOn('xcp', [{ shape: [3], values: values(3) }], (x) =>
      tf.add(tf.cast(x, 'bool'), tf.tensor1d([1, 0, 1], 'bool')),
    );
    expect(outputs[0]!.every(Number.isInteger)).toBe(true);
    expect(fallbacks).toEqual(['Add']);
  });
  itXcp('handles tensors of no elements', () =>
    expectSame(
      [
        [0, 3],
        [0, 3],
      ],
      (a, b) => tf.add(a, b),
      { native: false },
    ),
  );
});

describe('reductions against the cpu backend', () => {
  for (const [shape, axis] of [
    [
      [4, 5, 6],
      [0, 1],
    ],
    [[4, 5, 6], [1]],
    [[4, 5, 6], [2]],
    [
      [2, 3, 3, 70],
      [1, 2],
    ],
    [[40000], [0]],
    [[300, 200], [0]],
    [[5], [0]],
  ] as [number[], number[]][]) {
    itXcp(`sum, mean and max of [${shape}] over [${axis}]`, () =>
      expectSame([shape], (x) => [tf.sum(x, axis), tf.mean(x, axis, true), tf.max(x, axis)]),
    );
  }
  itXcp('sums over axes that are not neighbours', () =>
    expectSame([[2, 3, 4]], (x) => tf.sum(x, [0, 2]), { native: false }),
  );
  itXcp('softmax', () => expectSame([[7, 10]], (x) => tf.softmax(tf.mul(x, 50))));
});

describe('pooling against the cpu backend', () => {
  for (const [x, size, strides, pad] of [
    [[2, 8, 8, 20], 3, 2, 'same'],
    [[1, 7, 5, 70], 3, 2, 'same'],
    [[1, 6, 6, 3], 2, 2, 'valid'],
    [[1, 5, 5, 4], 3, 1, 'same'],
  ] as [[number, number, number, number], number, number, 'same' | 'valid'][]) {
    const title = `[${x}], ${size}×${size} stride ${strides} ${pad}`;
    itXcp(`max of ${title}`, () =>
      expectSame(
        [x],
        (t) => {
          const apply = (v: tf.Tensor) => tf.maxPool(v as T4, size, strides, pad);
          return [apply(t), tf.grad((v) => weightedSum(apply(v)))(t)];
        },
        { native: false },
      ),
    );
    itXcp(`average of ${title}`, () => expectSame([x], (t) => tf.avgPool(t as T4, size, strides, pad)));
    // TensorFlow.js's cpu gradient divides by the whole window at the border too, though the forward pass does not.
    // Average pooling is linear, so for the true gradient g: Σ w·pool(x) = Σ g·x.
    itXcp(`gradient of the average of ${title}`, async () => {
      const { outputs } = await runOn(
        'xcp',
        [{ shape: x, values: values(tf.util.sizeFromShape(x)) }],
        (t) => {
          const f = (v: tf.Tensor) => weightedSum(tf.avgPool(v as T4, size, strides, pad));
          return [f(t), tf.sum(tf.mul(t, tf.grad(f)(t)))];
        },
      );
      expectClose(outputs[1]!, outputs[0]!);
    });
  }
  itXcp('gives a tie to the first maximum', () =>
    expectSame(
      [[1, 4, 4, 17]],
      (x) => tf.grad((v) => tf.sum(tf.maxPool(tf.round(v) as T4, 3, 2, 'same')))(x),
      { native: false, values: [new Float32Array(272)] },
    ),
  );
});

describe('shape kernels against the cpu backend', () => {
  itXcp('transpose', () =>
    expectSame([[2, 3, 4, 5]], (x) => [
      tf.transpose(x),
      tf.transpose(x, [0, 2, 1, 3]),
      tf.transpose(x, [1, 0, 2, 3]),
    ]),
  );
  itXcp('slice', () =>
    expectSame([[4, 5, 6]], (x) => [tf.slice(x, [1, 2, 3], [2, 3, 3]), tf.slice(x, [0, 1], [-1, 2])]),
  );
  itXcp('pad', () =>
    expectSame([[2, 3, 4]], (x) =>
      tf.pad(
        x,
        [
          [1, 0],
          [0, 2],
          [1, 1],
        ],
        7,
      ),
    ),
  );
  itXcp('concat', () =>
    expectSame(
      [
        [2, 3, 4],
        [2, 1, 4],
      ],
      (a, b) => [tf.concat([a, b], 1), tf.concat([a, a], -1)],
    ),
  );
  itXcp('fill, zeros and ones', () =>
    expectSame([[3]], (x) => [tf.fill([2, 2], 3), tf.zerosLike(x), tf.onesLike(x)]),
  );
  itXcp('cast', () =>
    expectSame([[9]], (x) => [tf.cast(tf.mul(x, 5), 'int32'), tf.cast(tf.relu(x), 'bool')]),
  );
  itXcp('reshape shares memory and outlives its source', async () => {
    await useXcp();
    const x = tf.tensor2d([
      [1, 2],
      [3, 4],
    ]);
    const y = tf.reshape(x, [4]);
    x.dispose();
    expect(Array.from(y.dataSync())).toEqual([1, 2, 3, 4]);
    y.dispose();
  });
  itXcp('slices that leave the shape are refused', async () => {
    await useXcp();
    const x = tf.zeros([3]);
    expect(() => tf.slice(x, [2], [5])).toThrow();
    x.dispose();
  });
});
