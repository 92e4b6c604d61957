import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchNormTrain } from './batch-norm-train';
import { checkpoint } from './checkpoint';
import { relu } from './relu';
import { expectNoLeak, numericGradient, wave } from './test-tools';

beforeAll(() => tf.setBackend('cpu'));

const bitsOf = (tensors: tf.Tensor[]) => tensors.map((t) => Array.from(t.dataSync()));

describe('checkpoint', () => {
  it('has the values and gradients of the function to the bit, also between other ops and within itself', () => {
    const weights = [1, 2, 3].map((phase) => tf.variable(wave([4, 4], phase)));
    const [u, v, w] = weights as [tf.Variable, tf.Variable, tf.Variable];
    const layer = (x: tf.Tensor, w: tf.Tensor) => tf.tanh(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D));
    const plain = (x: tf.Tensor, y: tf.Tensor) => tf.mul(layer(layer(x, u), v), layer(tf.sin(y), w));
    const wrapped = (x: tf.Tensor, y: tf.Tensor) => {
      const inner = (x: tf.Tensor) => checkpoint((x) => layer(layer(x, u), v), [x], [u, v]);
      return checkpoint((x, y) => tf.mul(inner(x), layer(y, w)), [x, tf.sin(y)], weights);
    };
    const run = (f: typeof plain) => {
      const loss = (x: tf.Tensor, y: tf.Tensor) => f(tf.exp(x), f(y, y)) as tf.Tensor;
      const [x, y, dy] = [wave([3, 4]), wave([3, 4], 5), wave([3, 4], 6)];
      const dx = tf.grads(loss)([x, y], dy);
      const { value, grads } = tf.variableGrads(() => tf.sum(loss(x, y)) as tf.Scalar, weights);
      return bitsOf([...dx, value, ...weights.map(({ name }) => grads[name]!)]);
    };
    const expected = run(plain);
    expect(run(wrapped)).toEqual(expected);
    expect(expected.flat().every((value) => value !== 0 && Number.isFinite(value))).toBe(true);
    tf.dispose(weights);
  });

  it('has the gradient of finite differences', () => {
    const x = wave([2, 3]);
    const dy = wave([2, 3], 4);
    const f = (x: tf.Tensor) => checkpoint((x) => tf.mul(tf.sin(x), x), [x]);
    const gradient = Array.from(tf.grad(f)(x, dy).dataSync());
    numericGradient(f, x, dy).forEach((value, i) => {
      expect(Math.abs(value - gradient[i]!)).toBeLessThan(1e-2);
    });
  });

  it('runs the function once without a gradient, and twice with one', () => {
    let calls = 0;
    const f = (x: tf.Tensor) =>
      checkpoint(
        (x) => {
          calls++;
          return tf.sin(x);
        },
        [x],
      );
    f(wave([2]));
    expect(calls).toBe(1);
    tf.grad(f)(wave([2]));
    expect(calls).toBe(3);
  });

  it('moves statistics once', () => {
    const run = (wrap: boolean) => {
      const moving = [tf.variable(tf.zeros([2])), tf.variable(tf.ones([2]))] as const;
      const [gamma, beta] = [tf.variable(wave([2], 1)), tf.variable(wave([2], 2))] as const;
      const f = (x: tf.Tensor) =>
        relu(batchNormTrain(x, gamma, beta, ...moving, { momentum: 0.5, epsilon: 1e-3 }));
      const block = (x: tf.Tensor) => (wrap ? checkpoint(f, [x], [gamma, beta]) : f(x));
      const { grads } = tf.variableGrads(
        () => tf.sum(block(block(wave([5, 2])))) as tf.Scalar,
        [gamma, beta],
      );
      return bitsOf([...moving, grads[gamma.name]!, grads[beta.name]!]);
    };
    expect(run(true)).toEqual(run(false));
  });

  it('gives zeros for what has no part in the value', () => {
    const unused = tf.variable(wave([2]));
    const f = (x: tf.Tensor) => checkpoint((x) => tf.sin(x), [x, wave([3])], [unused]);
    const { grads } = tf.variableGrads(() => tf.sum(tf.add(f(wave([2])), unused)) as tf.Scalar, [unused]);
    expect(bitsOf([grads[unused.name]!])).toEqual([[1, 1]]);
    unused.dispose();
  });

  it('holds on to no tensor, not even where the second run fails', () => {
    const x = wave([2, 2]);
    const f = (x: tf.Tensor) => checkpoint((x) => relu(tf.sin(x)), [tf.cos(x)]);
    expectNoLeak(() => tf.tidy(() => f(x)).dispose());
    expectNoLeak(() =>
      tf
        .grad((x) => f(f(x)))(x)
        .dispose(),
    );
    let calls = 0;
    const failing = (x: tf.Tensor) =>
      checkpoint(
        (x) => {
          const y = relu(tf.sin(x));
          if (++calls === 2) throw new Error('out of memory');
          return tf.exp(y);
        },
        [tf.cos(x)],
      );
    expectNoLeak(() => expect(() => tf.grad((x) => tf.exp(failing(x)))(x)).toThrow('out of memory'));
  });

  it('refuses a second derivative', () => {
    const f = (x: tf.Tensor) => checkpoint((x) => tf.sin(x), [x]);
    expect(() => tf.grad((x) => tf.grad(f)(x))(wave([2]))).toThrow(
      'checkpoint: only first derivatives are supported',
    );
  });
});
