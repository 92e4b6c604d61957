import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { Plain } from './on-both';

/** How a property is run: few enough cases to be quick. */
export const runs = (numRuns: number) => ({ numRuns, endOnFailure: true });

const SPECIAL = [0, -0, 1, -1, Number.NaN, Infinity, -Infinity, 3e38, -3e38, 1e-40, 0.5, 2];

/** Ordinary float32 numbers, every tenth of them a special one: zeros, infinities, NaN, denormals. */
export const floats = fc.oneof(
  { weight: 9, arbitrary: fc.double({ min: -20, max: 20, noNaN: true }).map(Math.fround) },
  { weight: 1, arbitrary: fc.constantFrom(...SPECIAL) },
);
/** The same without numbers so large that the order of a sum decides whether it overflows. */
export const modest = floats.map((x) => (Math.abs(x) > 1e37 && Number.isFinite(x) ? 1 : x));
export const finite = fc.double({ min: -3, max: 3, noNaN: true }).map(Math.fround);
export const ints = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: -9, max: 9 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 40000, -40000) },
);
export const truths = fc.integer({ min: 0, max: 1 });

export type Dtype = 'float32' | 'int32' | 'bool';

const ELEMENTS: Record<Dtype, fc.Arbitrary<number>> = { float32: floats, int32: ints, bool: truths };

const toTyped = (dtype: Dtype, values: number[]) =>
  dtype === 'float32'
    ? Float32Array.from(values)
    : dtype === 'int32'
      ? Int32Array.from(values)
      : Uint8Array.from(values);

/** A tensor of a shape, filled with numbers of its dtype. */
export function plain(
  shape: number[],
  dtype: Dtype = 'float32',
  elements = ELEMENTS[dtype],
): fc.Arbitrary<Plain> {
  const size = tf.util.sizeFromShape(shape);
  return fc
    .array(elements, { minLength: size, maxLength: size })
    .map((values) => ({ shape, dtype, values: toTyped(dtype, values) }));
}

/** Shapes whose sizes are odd, small, and now and then long enough for whole vectors. */
export const shapes = (minRank: number, maxRank: number): fc.Arbitrary<number[]> =>
  fc
    .array(fc.constantFrom(1, 2, 3, 5, 7, 19), { minLength: minRank, maxLength: maxRank })
    .filter((shape) => tf.util.sizeFromShape(shape) <= 1500);

/** Two shapes that broadcast. */
export const broadcastable: fc.Arbitrary<[number[], number[]]> = fc
  .tuple(shapes(0, 4), fc.nat(4), fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }))
  .map(([shape, drop, ones]) => {
    const a = shape.map((size, i) => (ones[i] ? 1 : size));
    const b = shape.map((size, i) => (ones[i + 4] ? 1 : size)).slice(Math.min(drop, shape.length));
    return ones[7] ? [b, a] : [a, b];
  });

/** Some axes of a rank. */
export const axesOf = (rank: number): fc.Arbitrary<number[]> =>
  fc.subarray(Array.from({ length: rank }, (_, i) => i));
