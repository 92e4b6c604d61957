import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { conv, depthwiseConv } from './conv';
import { naiveConv, naiveMaxPool } from './conv-test-tools';
import { maxPool } from './max-pool';
import { separableConv } from './separable-conv';
import { expectClose, expectNoLeak, numericGradient, wave } from './test-tools';
import { outputLength, type Window } from './window';

beforeAll(() => tf.setBackend('cpu'));

const pair = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));
const windows: fc.Arbitrary<Window> = fc
  .record({
    kernelSize: pair(1, 4),
    strides: pair(1, 3),
    dilations: pair(1, 3),
    padding: fc.constantFrom('same' as const, 'valid' as const, 'symmetric' as const),
  })
  // Strides and dilation at once exist with PyTorch's padding alone.
  .map((w) =>
    w.padding === 'symmetric' ? w : { ...w, dilations: w.strides.some((s) => s > 1) ? [1, 1] : w.dilations },
  );
const cases = fc.record({ window: windows, size: pair(10, 12), multiplier: fc.integer({ min: 1, max: 2 }) });

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;
const check = (property: (c: Case) => void, numRuns = 40) =>
  fc.assert(fc.property(cases, property), { numRuns });

describe('equals loops', () => {
  it('a depthwise convolution', () =>
    check(({ window, size, multiplier }) => {
      const x = wave([2, ...size, 2]) as tf.Tensor4D;
      const kernel = wave([...window.kernelSize, 2, multiplier], 1) as tf.Tensor4D;
      const expected = naiveConv(x, kernel, window, true);
      const y = depthwiseConv(x, kernel, window);
      expect(y.shape).toEqual(expected.shape);
      expectClose(y, expected);
    }));

  it('a dense convolution', () =>
    check(({ window, size, multiplier }) => {
      const x = wave([1, ...size, 2]) as tf.Tensor4D;
      const kernel = wave([...window.kernelSize, 2, multiplier], 1) as tf.Tensor4D;
      const expected = naiveConv(x, kernel, window, false);
      const y = conv(x, kernel, window);
      expect(y.shape).toEqual(expected.shape);
      expectClose(y, expected);
    }));

  it('a separable convolution', () =>
    check(({ window, size, multiplier }) => {
      const x = wave([1, ...size, 2]) as tf.Tensor4D;
      const depthwise = wave([...window.kernelSize, 2, multiplier], 1) as tf.Tensor4D;
      const pointwise = wave([1, 1, 2 * multiplier, 3], 2) as tf.Tensor4D;
      const unit: Window = { kernelSize: [1, 1], strides: [1, 1], dilations: [1, 1], padding: 'valid' };
      const expected = naiveConv(naiveConv(x, depthwise, window, true), pointwise, unit, false);
      expectClose(separableConv(x, depthwise, pointwise, window), expected);
    }));

  it('a max pool, which padding never wins', () =>
    check(({ window, size }) => {
      const pool: Window = { ...window, dilations: [1, 1] };
      const x = tf.sub(wave([2, ...size, 2]), 5) as tf.Tensor4D;
      const expected = naiveMaxPool(x, pool);
      const y = maxPool(x, pool);
      expect(y.shape).toEqual(expected.shape);
      expectClose(y, expected);
    }));
});

describe('gradients equal finite differences', () => {
  const gradients = (f: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[], tolerance = 5e-2) => {
    const y = f(...inputs);
    const dy = wave(y.shape, 3);
    const actual = tf.grads(f)(inputs, dy);
    inputs.forEach((input, i) => {
      const alone = (value: tf.Tensor) => f(...inputs.with(i, value));
      expectClose(actual[i]!, numericGradient(alone, input, dy), tolerance);
    });
  };
  // Small maps: every number of the input costs two runs.
  const small = (property: (c: Case) => void) =>
    check(({ window, ...c }) => {
      const kernelSize = window.kernelSize.map((k) => Math.min(k, 3)) as [number, number];
      const dilations = window.dilations.map((d) => Math.min(d, 2)) as [number, number];
      tf.tidy(() => property({ ...c, size: [5, 6], window: { ...window, kernelSize, dilations } }));
    }, 8);

  it('of depthwise and dense convolutions', () =>
    small(({ window, size, multiplier }) => {
      const x = wave([1, ...size, 2]);
      const kernel = wave([...window.kernelSize, 2, multiplier], 1);
      for (const op of [depthwiseConv, conv]) {
        gradients((x, k) => op(x as tf.Tensor4D, k as tf.Tensor4D, window), [x, kernel]);
      }
    }));

  it('of a separable convolution', () =>
    small(({ window, size, multiplier }) => {
      const inputs = [
        wave([1, ...size, 2]),
        wave([...window.kernelSize, 2, multiplier], 1),
        wave([1, 1, 2 * multiplier, 2], 2),
      ];
      const f = ([x, d, p]: tf.Tensor4D[]) => separableConv(x!, d!, p!, window);
      gradients((...all) => f(all as tf.Tensor4D[]), inputs, 2e-1);
    }));

  it('of a max pool', () => {
    const window: Window = { kernelSize: [3, 3], strides: [2, 2], dilations: [1, 1], padding: 'symmetric' };
    gradients((x) => maxPool(x as tf.Tensor4D, window), [wave([1, 6, 7, 2])]);
  });
});

it('computes no gradient of the images, which nobody asks for', () => {
  const kernel = tf.variable(wave([3, 3, 2, 2]));
  const images = wave([1, 6, 6, 2]) as tf.Tensor4D;
  const window: Window = { kernelSize: [3, 3], strides: [2, 2], dilations: [1, 1], padding: 'symmetric' };
  const kernels: string[] = [];
  const engine = tf.engine();
  const runKernel = engine.runKernel;
  engine.runKernel = ((name: string, ...rest: [tf.NamedTensorMap, tf.NamedAttrMap]) => {
    kernels.push(name);
    return runKernel.call(engine, name, ...rest);
  }) as typeof runKernel;
  try {
    tf.variableGrads(() => tf.sum(conv(images, kernel as tf.Tensor as tf.Tensor4D, window)) as tf.Scalar);
  } finally {
    engine.runKernel = runKernel;
  }
  expect(kernels).toContain('Conv2DBackpropFilter');
  expect(kernels).not.toContain('Conv2DBackpropInput');
  kernel.dispose();
});

it('keeps the length of a sequence that a symmetric window of odd size walks in single steps', () => {
  for (const kernel of [1, 3, 5])
    for (const dilation of [1, 2, 3]) expect(outputLength(9, kernel, 1, dilation, 'symmetric')).toBe(9);
  expect(outputLength(9, 2, 1, 1, 'symmetric')).toBe(8);
});

it('holds on to no tensor', () => {
  const window: Window = { kernelSize: [3, 3], strides: [2, 2], dilations: [2, 2], padding: 'symmetric' };
  const x = wave([1, 8, 8, 2]) as tf.Tensor4D;
  const kernel = wave([3, 3, 2, 1]) as tf.Tensor4D;
  expectNoLeak(() =>
    tf.tidy(() => {
      tf.grads((x, k) =>
        tf.add(
          conv(x as tf.Tensor4D, k as tf.Tensor4D, window),
          depthwiseConv(x as tf.Tensor4D, k as tf.Tensor4D, window),
        ),
      )([x, kernel]);
      tf.grad((x) => maxPool(x as tf.Tensor4D, { ...window, dilations: [1, 1] }))(x);
    }),
  );
});
