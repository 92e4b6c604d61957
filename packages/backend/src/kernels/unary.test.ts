import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { plain, runs, shapes } from '../testing/arbitraries';
import { expectSameKernel, runKernel } from '../testing/kernels';
import { itXcp } from '../testing/on-both';

/** erf by its Taylor series, which in double precision is good to 1e-9 up to 4. */
function erf(x: number): number {
  if (Math.abs(x) > 4) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (sum * 2) / Math.sqrt(Math.PI);
}

const elu = (x: number) => (x >= 0 ? x : Math.expm1(x));
const roundEven = (x: number) => {
  const r = Math.round(x);
  return r - x === 0.5 && r % 2 !== 0 ? r - 1 : r;
};

// What each must give, in double precision.
const EXPECTED: Record<string, (x: number) => number> = {
  Relu: (x) => Math.max(0, x),
  Relu6: (x) => Math.min(Math.max(0, x), 6),
  Elu: elu,
  Selu: (x) => 1.0507009873554805 * (x >= 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  Neg: (x) => -x,
  Abs: Math.abs,
  Sign: (x) => (Number.isNaN(x) ? 0 : Math.sign(x)),
  Square: (x) => x * x,
  Reciprocal: (x) => 1 / x,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Round: roundEven,
  Sqrt: Math.sqrt,
  Rsqrt: (x) => 1 / Math.sqrt(x),
  Exp: Math.exp,
  Expm1: Math.expm1,
  Log: Math.log,
  Log1p: Math.log1p,
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Softplus: (x) => (x > 700 ? x : Math.log1p(Math.exp(x))),
  Erf: erf,
  Sin: Math.sin,
  Cos: Math.cos,
  Tan: Math.tan,
  Asin: Math.asin,
  Acos: Math.acos,
  Atan: Math.atan,
  Sinh: Math.sinh,
  Cosh: Math.cosh,
  Tanh: Math.tanh,
  Asinh: Math.asinh,
  Acosh: Math.acosh,
  Atanh: Math.atanh,
};

/** In units of the last place of the float32 nearest to what is expected; half a unit is a perfect rounding. */
function ulps(received: number, expected: number): number {
  const nearest = Math.fround(expected);
  if (Object.is(received, nearest) || (received === 0 && nearest === 0)) return 0.5;
  if (!Number.isFinite(nearest) || !Number.isFinite(received)) return Infinity;
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(nearest))));
  return Math.abs(received - expected) / 2 ** (exponent - 23);
}

const SPECIAL = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  NaN,
  Infinity,
  -Infinity,
  3.4e38,
  -3.4e38,
  1e-40,
  -1e-40,
  1e-45,
  88.7,
  88.8,
  -87.4,
  -103.9,
  -104.5,
  89.4,
  8388607.5,
  16777216,
  0.99999994,
  1.0000001,
  -0.99999994,
  4,
  3.9,
];

/** Special values, ordinary ones, and floats of every exponent. */
function arguments_(): Float32Array {
  const bits = new Uint32Array(4000);
  let state = 1;
  for (let i = 0; i < bits.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bits[i] = state;
  }
  const ordinary = Array.from(bits, (b) => (b / 2 ** 32) * 12 - 6);
  return Float32Array.from([...SPECIAL, ...ordinary, ...new Float32Array(bits.buffer)]);
}

describe('functions of one float32, against double precision', () => {
  const values = arguments_();
  for (const [name, f] of Object.entries(EXPECTED)) {
    itXcp(`${name} is within 0.52 units in the last place`, async () => {
      const [y] = await runKernel('xcp', name, { x: { shape: [values.length], values } });
      const errors = y!.values.map((received, i) => ulps(received, f(values[i]!)));
      const worst = errors.reduce((at, error, i) => (error > errors[at]! ? i : at), 0);
      expect(errors[worst], `${name}(${values[worst]}) = ${y!.values[worst]}`).toBeLessThan(0.52);
    });
  }
});

describe('functions of one tensor, against the cpu backend', () => {
  const ints = ['Relu', 'Relu6', 'Neg', 'Abs', 'Sign', 'Square'];
  for (const name of ints) {
    itXcp(`${name} of int32`, () =>
      fc.assert(
        fc.asyncProperty(
          shapes(0, 3).chain((s) => plain(s, 'int32')),
          (x) => expectSameKernel(name, { x }),
        ),
        runs(10),
      ),
    );
  }
  for (const name of ['IsNan', 'IsInf', 'IsFinite']) {
    itXcp(name, () =>
      fc.assert(
        fc.asyncProperty(
          shapes(0, 3).chain((s) => plain(s)),
          (x) => expectSameKernel(name, { x }),
        ),
        runs(20),
      ),
    );
  }
  itXcp('LogicalNot', () =>
    fc.assert(
      fc.asyncProperty(
        shapes(0, 3).chain((s) => plain(s, 'bool')),
        (x) => expectSameKernel('LogicalNot', { x }),
      ),
      runs(10),
    ),
  );
  const withAttrs: [string, object][] = [
    ['Step', { alpha: 0.25 }],
    ['LeakyRelu', { alpha: 0.1 }],
    ['ClipByValue', { clipValueMin: -1.5, clipValueMax: 2.5 }],
  ];
  for (const [name, attrs] of withAttrs) {
    itXcp(name, () =>
      fc.assert(
        fc.asyncProperty(
          shapes(0, 3).chain((s) => plain(s)),
          (x) => expectSameKernel(name, { x }, attrs),
        ),
        runs(20),
      ),
    );
  }
  const dtypes = ['float32', 'int32', 'bool'] as const;
  for (const from of dtypes) {
    for (const dtype of dtypes) {
      itXcp(`Cast of ${from} to ${dtype}`, () =>
        fc.assert(
          fc.asyncProperty(
            shapes(0, 2).chain((s) => plain(s, from)),
            (x) => expectSameKernel('Cast', { x }, { dtype }),
          ),
          runs(10),
        ),
      );
    }
  }
  itXcp('casts what no int32 holds as JavaScript does', async () => {
    const values = Float32Array.of(NaN, Infinity, 3e9, -3e9, 1e20, 2 ** 33 + 2 ** 12, -0.9);
    const [y] = await runKernel('xcp', 'Cast', { x: { shape: [7], values } }, { dtype: 'int32' });
    expect(y!.values).toEqual(Array.from(Int32Array.from(values)));
  });
  itXcp('shares memory where a cast changes nothing', async () => {
    const x = tf.tensor1d([1, 2]);
    const before = tf.engine().backend.numDataIds();
    const y = tf.cast(x, 'float32');
    expect(tf.engine().backend.numDataIds()).toBe(before);
    tf.dispose([x, y]);
  });
});
