import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { broadcastable, type Dtype, plain, runs } from '../testing/arbitraries';
import { expectSameKernel, runKernel } from '../testing/kernels';
import { itXcp, type Plain } from '../testing/on-both';

const FLOAT_AND_INT: Dtype[] = ['float32', 'int32'];
const ALL: Dtype[] = ['float32', 'int32', 'bool'];

const KERNELS: Record<string, Dtype[]> = {
  Add: FLOAT_AND_INT,
  Sub: FLOAT_AND_INT,
  Multiply: FLOAT_AND_INT,
  RealDiv: ['float32'],
  FloorDiv: FLOAT_AND_INT,
  Mod: FLOAT_AND_INT,
  Pow: ['float32'],
  Maximum: FLOAT_AND_INT,
  Minimum: FLOAT_AND_INT,
  SquaredDifference: FLOAT_AND_INT,
  Atan2: ['float32'],
  BitwiseAnd: ['int32'],
  Equal: ALL,
  NotEqual: ALL,
  Less: ALL,
  LessEqual: ALL,
  Greater: ALL,
  GreaterEqual: ALL,
  LogicalAnd: ['bool'],
  LogicalOr: ['bool'],
};

const pair = (dtype: Dtype): fc.Arbitrary<[Plain, Plain]> =>
  broadcastable.chain(([a, b]) => fc.tuple(plain(a, dtype), plain(b, dtype)));

describe('functions of two tensors, broadcast, against the cpu backend', () => {
  for (const [name, dtypes] of Object.entries(KERNELS)) {
    for (const dtype of dtypes) {
      itXcp(`${name} of ${dtype}`, () =>
        fc.assert(
          fc.asyncProperty(pair(dtype), ([a, b]) => expectSameKernel(name, { a, b })),
          runs(25),
        ),
      );
    }
  }
  itXcp('Prelu', () =>
    fc.assert(
      fc.asyncProperty(pair('float32'), ([x, alpha]) => expectSameKernel('Prelu', { x, alpha })),
      runs(15),
    ),
  );
});

async function numbers(name: string, dtype: 'float32' | 'int32', a: number[], b: number[]) {
  const typed = dtype === 'int32' ? Int32Array : Float32Array;
  const tensor = (list: number[]): Plain => ({ shape: [list.length], values: typed.from(list), dtype });
  const [y] = await runKernel('xcp', name, { a: tensor(a), b: tensor(b) });
  return y!.values;
}

describe('functions of two numbers at their edges', () => {
  const edges = [0, -0, 1, -1, 2, -2, 3, 0.5, -0.5, NaN, Infinity, -Infinity, 3e38, 1e-40, 16777216];
  const a = edges.flatMap((x) => edges.map(() => x));
  const b = edges.flatMap(() => edges);
  const float32 = (f: (x: number, y: number) => number) =>
    a.map((x, i) => Math.fround(f(Math.fround(x), Math.fround(b[i]!))));
  itXcp('Pow is Math.pow', async () => {
    expect(await numbers('Pow', 'float32', a, b)).toEqual(float32(Math.pow));
  });
  itXcp('Atan2 is Math.atan2', async () => {
    expect(await numbers('Atan2', 'float32', a, b)).toEqual(float32(Math.atan2));
  });
  itXcp('the remainder is exact for any quotient', async () => {
    const x = [1e30, 3e38, -3e38, 5.3, 1e10];
    const y = [3, 1e-40, 7e-20, 0.1, -3.3];
    const exact = x.map((v, i) => {
      const [p, q] = [Math.fround(v), Math.fround(y[i]!)];
      return Math.fround(p < 0 === q < 0 ? p % q : ((p % q) + q) % q);
    });
    expect(await numbers('Mod', 'float32', x, y)).toEqual(exact);
  });
  itXcp('floor division of float32 rounds once', async () => {
    // In float32 1 / 0.1 is 10, but 0.1 is a little more than a tenth there.
    expect(await numbers('FloorDiv', 'float32', [1, -7, 7], [0.1, 2, -2])).toEqual([9, -4, -4]);
  });
  itXcp('int32 wraps around, and dividing by 0 gives 0', async () => {
    const [most, least] = [2 ** 31 - 1, -(2 ** 31)];
    expect(await numbers('Add', 'int32', [most], [1])).toEqual([least]);
    expect(await numbers('Multiply', 'int32', [65536, most], [65536, 2])).toEqual([0, -2]);
    expect(await numbers('FloorDiv', 'int32', [least, 5, -7], [-1, 0, 2])).toEqual([least, 0, -4]);
    expect(await numbers('Mod', 'int32', [least, 5, -7], [-1, 0, 3])).toEqual([0, 0, 2]);
    expect(await numbers('Pow', 'int32', [3, -2, 2, -1, 5], [19, 3, -1, -3, 0])).toEqual([
      1162261467, -8, 0, -1, 1,
    ]);
  });
});
