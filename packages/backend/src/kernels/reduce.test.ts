import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { axesOf, type Dtype, modest, plain, runs, shapes } from '../testing/arbitraries';
import { expectSameKernel, runKernel } from '../testing/kernels';
import { itXcp } from '../testing/on-both';

/** Ordinary numbers of a dtype. */
const numbers = (shape: number[], dtype: Dtype) =>
  dtype === 'float32' ? plain(shape, dtype, modest) : plain(shape, dtype);

const NUMBERS: Dtype[] = ['float32', 'int32'];

/** Kernels by the name of their attribute that says which axes. */
const REDUCTIONS: Record<string, { axes: 'axis' | 'reductionIndices'; dtypes: Dtype[] }> = {
  Sum: { axes: 'axis', dtypes: ['float32', 'int32', 'bool'] },
  Mean: { axes: 'axis', dtypes: ['float32', 'int32', 'bool'] },
  Max: { axes: 'reductionIndices', dtypes: NUMBERS },
  Min: { axes: 'axis', dtypes: NUMBERS },
  Prod: { axes: 'axis', dtypes: NUMBERS },
  All: { axes: 'axis', dtypes: ['bool'] },
  Any: { axes: 'axis', dtypes: ['bool'] },
};

describe('reductions over any axes, against the cpu backend', () => {
  for (const [name, { axes, dtypes }] of Object.entries(REDUCTIONS)) {
    for (const dtype of dtypes) {
      itXcp(`${name} of ${dtype}`, () =>
        fc.assert(
          fc.asyncProperty(
            shapes(1, 4).chain((shape) =>
              fc.tuple(numbers(shape, dtype), axesOf(shape.length), fc.boolean()),
            ),
            ([x, chosen, keepDims]) =>
              expectSameKernel(name, { x }, { [axes]: chosen, keepDims }, { tolerance: 2e-6 }),
          ),
          runs(20),
        ),
      );
    }
  }
  for (const name of ['ArgMax', 'ArgMin']) {
    for (const dtype of NUMBERS) {
      itXcp(`${name} of ${dtype}`, () =>
        fc.assert(
          fc.asyncProperty(
            shapes(1, 4).chain((shape) => fc.tuple(plain(shape, dtype), fc.nat(shape.length - 1))),
            ([x, axis]) => expectSameKernel(name, { x }, { axis }),
          ),
          runs(20),
        ),
      );
    }
  }
  for (const name of ['Cumsum', 'Cumprod']) {
    for (const dtype of NUMBERS) {
      itXcp(`${name} of ${dtype}`, () =>
        fc.assert(
          fc.asyncProperty(
            shapes(1, 3).chain((shape) =>
              fc.tuple(numbers(shape, dtype), fc.nat(shape.length - 1), fc.boolean(), fc.boolean()),
            ),
            ([x, axis, exclusive, reverse]) =>
              expectSameKernel(name, { x }, { axis, exclusive, reverse }, { tolerance: 1e-5 }),
          ),
          runs(name === 'Cumsum' ? 20 : 5),
        ),
      );
    }
  }
});

describe('long reductions', () => {
  const size = 300_000;
  itXcp('sum a third of a million equal numbers without drift', async () => {
    const values = new Float32Array(size).fill(0.1);
    const [sum] = await runKernel('xcp', 'Sum', { x: { shape: [size], values } }, { axis: [0] });
    expect(Math.abs(sum!.values[0]! / (size * Math.fround(0.1)) - 1)).toBeLessThan(1e-6);
  });
  itXcp('find a NaN wherever it is', async () => {
    for (const at of [0, 1234, size - 1]) {
      const values = new Float32Array(size).fill(1);
      values[at] = Number.NaN;
      const x = { shape: [size], values };
      const [most] = await runKernel('xcp', 'Max', { x }, { reductionIndices: [0] });
      const [least] = await runKernel('xcp', 'Min', { x }, { axis: [0] });
      expect([most!.values, least!.values]).toEqual([[Number.NaN], [Number.NaN]]);
    }
  });
});
