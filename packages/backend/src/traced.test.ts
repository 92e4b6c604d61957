import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect } from 'vitest';
import type { XcpBackend } from './backend';
import { OutOfMemoryError } from './out-of-memory';
import { itXcp, values, weightedSum } from './testing/on-both';
import { traced } from './traced';

const tensor = (seed: number, shape: number[]) =>
  tf.tensor(values(tf.util.sizeFromShape(shape), seed), shape);
const backend = () => tf.backend() as XcpBackend;
const bits = (t: tf.Tensor) => [...t.dataSync()];

let calls: number;
beforeEach(() => {
  calls = 0;
});
/** Counts how often `run` is called. */
function counted<I extends tf.Tensor[], O>(run: (...inputs: I) => O): (...inputs: I) => O {
  return (...inputs) => {
    calls++;
    return run(...inputs);
  };
}

describe('traced', () => {
  itXcp('runs a function twice, and then only its kernels, with the same bits', () => {
    const [w, b] = [tensor(1, [3, 3, 4, 8]), tensor(2, [8])] as [tf.Tensor4D, tf.Tensor1D];
    const run = (x: tf.Tensor) => {
      const y = tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, w, 1, 'same'), b));
      return [tf.mean(y, [1, 2]), tf.mul(tf.sum(y), tf.scalar(0.5)), tf.reshape(y, [-1])];
    };
    const fast = traced(counted(run));
    const before = tf.memory();
    for (let i = 0; i < 6; i++) {
      tf.tidy(() => {
        const x = tensor(3 + i, [2, 5, 5, 4]);
        const [actual, expected] = [fast(x), run(x)];
        expect(actual.map((t) => t.shape)).toEqual(expected.map((t) => t.shape));
        expect(actual.map(bits)).toEqual(expected.map(bits));
      });
    }
    expect(calls).toBe(2);
    fast.dispose();
    expect(tf.memory()).toMatchObject({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
    });
    expect(backend().memory().inUse).toBe((before as unknown as { inUse: number }).inUse);
    tf.dispose([w, b]);
  });

  itXcp('gives tensors that nobody writes over', () => {
    const fast = traced((x: tf.Tensor) => tf.add(x, 1));
    const given = [0, 1, 2, 3, 4, 5].map((i) => fast(tf.scalar(i)));
    expect(given.map((t) => t.dataSync()[0])).toEqual([1, 2, 3, 4, 5, 6]);
    // An output is an input of the same function.
    let x: tf.Tensor = tf.scalar(0);
    for (let i = 0; i < 5; i++) x = fast(x);
    expect(x.dataSync()[0]).toBe(5);
    tf.dispose([x, ...given]);
    fast.dispose();
  });

  itXcp('has a program for each kind of inputs', () => {
    const fast = traced(counted((x: tf.Tensor) => tf.square(x)));
    for (let i = 0; i < 4; i++) {
      for (const size of [3, 5]) expect(bits(fast(tf.fill([size], i)))).toEqual(new Array(size).fill(i * i));
      expect(bits(fast(tf.fill([3], i, 'int32')))).toEqual([i * i, i * i, i * i]);
    }
    expect(calls).toBe(6);
    for (let size = 10; size < 20; size++) expect(fast(tf.ones([size])).shape).toEqual([size]);
    fast.dispose();
  });

  itXcp('follows a variable that is changed in place or gets other data', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const velocity = tf.variable(tf.zeros([2]));
    const fast = traced(
      counted((x: tf.Tensor) => {
        const { value, grads } = tf.variableGrads(() => tf.sum(tf.mul(w, x)) as tf.Scalar, [w]);
        return [value, grads[w.name]!];
      }),
    );
    const step = () => {
      const [value, gradient] = fast(tf.tensor1d([1, 1]));
      const attrs = { learningRate: [1], momentum: 0, nesterov: false, decoupled: false, weightDecay: [0] };
      const inputs = [w, gradient!, velocity] as unknown as tf.NamedTensorInfoMap;
      tf.getKernel('XcpSgdUpdate', tf.getBackend()).kernelFunc({ inputs, attrs, backend: backend() });
      return value!.dataSync()[0];
    };
    expect([step(), step(), step(), step(), step()]).toEqual([3, 1, -1, -3, -5]);
    expect(calls).toBeLessThan(5);
    w.assign(tf.tensor1d([10, 10]));
    expect([step(), step(), step(), step()]).toEqual([20, 18, 16, 14]);
    // The old data lives on in somebody else's hands.
    const old = tf.clone(w);
    w.assign(tf.tensor1d([5, 5]));
    expect([step(), step(), step(), step()]).toEqual([10, 8, 6, 4]);
    expect(bits(old)).toEqual([6, 6]);
    tf.dispose([w, velocity, old]);
    fast.dispose();
  });

  itXcp('runs batch normalization with its moving statistics', () => {
    const make = () => {
      const [gamma, beta] = [tf.variable(tf.ones([4])), tf.variable(tf.zeros([4]))];
      const moving = [tf.variable(tf.zeros([4])), tf.variable(tf.ones([4]))];
      const run = (x: tf.Tensor) =>
        tf
          .engine()
          .runKernel(
            'XcpBatchNormTrain',
            { x, gamma, beta, movingMean: moving[0]!, movingVariance: moving[1]! },
            { momentum: 0.9, epsilon: 1e-3 },
          ) as unknown as tf.Tensor[];
      return { run, moving };
    };
    const [plain, other] = [make(), make()];
    const fast = traced(counted(other.run));
    for (let i = 0; i < 6; i++) {
      const x = tensor(i, [8, 4]);
      expect(fast(x).map(bits)).toEqual(plain.run(x).map(bits));
      expect(other.moving.map(bits)).toEqual(plain.moving.map(bits));
    }
    expect(calls).toBeLessThan(5);
    fast.dispose();
  });

  itXcp('leaves a function as it is that does something else each time', () => {
    const kept: tf.Tensor[] = [];
    const functions: Record<string, (x: tf.Tensor) => tf.Tensor> = {
      'random numbers': (x) => tf.add(x, tf.randomUniform([1])),
      'an attribute that changes': (x) => tf.leakyRelu(x, calls),
      'values that are read': (x) => tf.mul(x, x.dataSync()[0]!),
      'a kernel on the fallback': (x) => tf.topk(x, 1).values,
      'tensors that are kept': (x) => {
        kept.push(tf.keep(tf.neg(x)));
        return tf.neg(x);
      },
      'a tensor from elsewhere': () => elsewhere,
      strings: (x) => (tf.tensor(['a', 'b']).shape[0] === 2 ? tf.neg(x) : x),
    };
    const elsewhere = tf.scalar(7);
    for (const [name, run] of Object.entries(functions)) {
      calls = 0;
      const fast = traced(counted(run));
      for (let i = 0; i < 10; i++) fast(tf.tensor1d([i, -i]));
      expect(calls, name).toBe(10);
      fast.dispose();
    }
    expect(kept.map((t) => t.dataSync()[0])).toEqual([-0, -1, -2, -3, -4, -5, -6, -7, -8, -9]);
    tf.dispose([elsewhere, ...kept]);
  });

  itXcp('may be differentiated, and be a part of another traced function', () => {
    const square = traced(counted((x: tf.Tensor) => tf.square(x)));
    for (let i = 0; i < 4; i++) square(tf.scalar(i));
    expect(calls).toBe(2);
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(square(x)));
    expect(bits(gradient(tf.tensor1d([1, 2])))).toEqual([2, 4]);
    const outer = traced((x: tf.Tensor) => tf.add(square(x), 1));
    for (let i = 0; i < 5; i++) expect(bits(outer(tf.tensor1d([i])))).toEqual([i * i + 1]);
    square.dispose();
    outer.dispose();
  });

  itXcp('shares its memory with other traced functions', () => {
    const [a, b] = [1, 2].map((seed) =>
      traced((x: tf.Tensor) => tf.tidy(() => weightedSum(tf.mul(tf.exp(x), tf.scalar(seed))))),
    ) as [
      ReturnType<typeof traced<[tf.Tensor], tf.Tensor>>,
      ReturnType<typeof traced<[tf.Tensor], tf.Tensor>>,
    ];
    const x = tensor(1, [100_000]);
    const expected = bits(a(x))[0]!;
    const given = [];
    for (let i = 0; i < 6; i++) given.push(a(x), b(x));
    given.forEach((t, i) => {
      expect(t.dataSync()[0]).toBe(i % 2 ? 2 * expected : expected);
    });
    for (const f of [a, b]) f.dispose();
  });

  itXcp('gives its memory back, and goes on where there is too little', () => {
    const fast = traced((x: tf.Tensor) => tf.sum(tf.exp(tf.broadcastTo(x, [4, 2 ** 20]))));
    const x = tf.zeros([1, 2 ** 20]);
    for (let i = 0; i < 4; i++) fast(x);
    const { held } = backend().memory();
    backend().trim();
    expect(backend().memory().held).toBeLessThan(held);
    const limit = backend().memoryLimit;
    backend().setMemoryLimit(backend().memory().held + 2 ** 22);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) expect(() => fast(x)).toThrow(OutOfMemoryError);
    expect(tf.memory().numTensors).toBe(before);
    backend().setMemoryLimit(limit);
    for (let i = 0; i < 4; i++) expect(fast(x).dataSync()[0]).toBe(4 * 2 ** 20);
    // What it keeps between two calls goes where another tensor needs it.
    const inUse = backend().memory().inUse;
    backend().setMemoryLimit(Math.max(inUse + 20 * 2 ** 20, backend().memory().held));
    expect(tf.ones([2 ** 22]).shape).toEqual([2 ** 22]);
    backend().setMemoryLimit(limit);
    for (let i = 0; i < 4; i++) expect(fast(x).dataSync()[0]).toBe(4 * 2 ** 20);
    fast.dispose();
  });

  itXcp('runs as it is on another backend, and anew on this one', async () => {
    const name = tf.getBackend();
    const fast = traced((x: tf.Tensor) => tf.neg(x));
    for (let i = 0; i < 3; i++) expect(bits(fast(tf.scalar(i)))).toEqual([-i]);
    await tf.setBackend('cpu');
    expect(bits(fast(tf.scalar(4)))).toEqual([-4]);
    await tf.setBackend(name);
    expect(bits(fast(tf.scalar(5)))).toEqual([-5]);
    fast.dispose();
  });
});
