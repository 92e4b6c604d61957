import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { axesOf, type Dtype, plain, runs, shapes } from '../testing/arbitraries';
import { expectSameKernel, type Inputs, runKernel } from '../testing/kernels';
import { itXcp } from '../testing/on-both';

const dtype = fc.constantFrom<Dtype>('float32', 'int32', 'bool');

/** A property of a kernel of one tensor `x` whose attributes depend on its shape. */
function property(
  name: string,
  attrs: (shape: number[]) => fc.Arbitrary<object>,
  ranks: [number, number] = [1, 4],
  inputName = 'x',
) {
  itXcp(name, () =>
    fc.assert(
      fc.asyncProperty(
        fc
          .tuple(shapes(...ranks), dtype)
          .chain(([shape, type]) => fc.tuple(plain(shape, type), attrs(shape))),
        ([x, chosen]) => expectSameKernel(name, { [inputName]: x }, chosen),
      ),
      runs(30),
    ),
  );
}

const each = <T>(shape: number[], make: (size: number) => fc.Arbitrary<T>) =>
  fc.tuple(...shape.map(make)) as fc.Arbitrary<T[]>;

describe('copies against the cpu backend', () => {
  property('Transpose', (shape) =>
    fc
      .shuffledSubarray(
        shape.map((_, axis) => axis),
        { minLength: shape.length },
      )
      .map((perm) => ({ perm })),
  );
  property('Slice', (shape) =>
    each(shape, (size) =>
      fc
        .nat(size - 1)
        .chain((begin) => fc.tuple(fc.constant(begin), fc.integer({ min: 1, max: size - begin }))),
    ).map((ranges) => ({ begin: ranges.map(([b]) => b), size: ranges.map(([, s]) => s) })),
  );
  property('StridedSlice', (shape) =>
    each(shape, (size) => fc.tuple(fc.nat(size - 1), fc.nat(size - 1), fc.integer({ min: 1, max: 3 }))).map(
      (ranges) => ({
        // From either end to the other, so that some strides run backwards.
        begin: ranges.map(([a, b]) => (a > b ? a : Math.min(a, b))),
        end: ranges.map(([a, b]) => (a > b ? b : Math.max(a, b) + 1)),
        strides: ranges.map(([a, b, step]) => (a > b ? -step : step)),
        beginMask: 0,
        endMask: 0,
        ellipsisMask: 0,
        newAxisMask: 0,
        shrinkAxisMask: 0,
      }),
    ),
  );
  property('Reverse', (shape) => axesOf(shape.length).map((dims) => ({ dims })));
  property('PadV2', (shape) =>
    each(shape, () => fc.tuple(fc.nat(3), fc.nat(3))).map((paddings) => ({ paddings, constantValue: 1 })),
  );
  property('MirrorPad', (shape) =>
    fc.constantFrom('reflect', 'symmetric').chain((mode) => {
      const most = (size: number) => Math.min(3, mode === 'reflect' ? size - 1 : size);
      return each(shape, (size) => fc.tuple(fc.nat(most(size)), fc.nat(most(size)))).map((paddings) => ({
        paddings,
        mode,
      }));
    }),
  );
  property(
    'Tile',
    (shape) => each(shape, () => fc.integer({ min: 1, max: 3 })).map((reps) => ({ reps })),
    [1, 3],
  );
  property('Unpack', (shape) => fc.nat(shape.length - 1).map((axis) => ({ axis })), [1, 4], 'value');
  property('SplitV', (shape) =>
    fc
      .nat(shape.length - 1)
      .chain((axis) =>
        fc.nat(shape[axis]!).map((first) => ({ axis, numOrSizeSplits: [first, shape[axis]! - first] })),
      ),
  );
  property(
    'ExpandDims',
    (shape) => fc.integer({ min: -shape.length - 1, max: shape.length }).map((dim) => ({ dim })),
    [0, 3],
    'input',
  );
  itXcp('Concat and Pack', () =>
    fc.assert(
      fc.asyncProperty(
        fc
          .tuple(shapes(1, 3), dtype)
          .chain(([shape, type]) =>
            fc.tuple(plain(shape, type), plain(shape, type), plain(shape, type), fc.nat(shape.length - 1)),
          ),
        async ([a, b, c, axis]) => {
          await expectSameKernel('Concat', [a, b, c], { axis });
          await expectSameKernel('Pack', [a, b, c], { axis });
        },
      ),
      runs(20),
    ),
  );
  itXcp('DepthToSpace', () =>
    fc.assert(
      fc.asyncProperty(plain([2, 3, 2, 12]), (x) =>
        expectSameKernel('DepthToSpace', { x }, { blockSize: 2, dataFormat: 'NHWC' }),
      ),
      runs(3),
    ),
  );
  itXcp('SpaceToBatchND and back', () =>
    fc.assert(
      fc.asyncProperty(plain([2, 3, 4, 3]), async (x) => {
        const attrs = {
          blockShape: [2, 3],
          paddings: [
            [1, 0],
            [1, 1],
          ],
        };
        await expectSameKernel('SpaceToBatchND', { x }, attrs);
        const [y] = await runKernel('xcp', 'SpaceToBatchND', { x }, attrs);
        const batch = { shape: y!.shape, values: Float32Array.from(y!.values) };
        const back = {
          blockShape: [2, 3],
          crops: [
            [1, 0],
            [1, 1],
          ],
        };
        const [z] = await runKernel('xcp', 'BatchToSpaceND', { x: batch }, back);
        expect(z!.values).toEqual(Array.from(x.values));
      }),
      runs(3),
    ),
  );
  itXcp('transposes planes larger than a block', () =>
    fc.assert(
      fc.asyncProperty(plain([37, 41]), (x) => expectSameKernel('Transpose', { x }, { perm: [1, 0] })),
      runs(2),
    ),
  );
});

const index = (most: number) => fc.integer({ min: 0, max: most });

describe('gathering and selection against the cpu backend', () => {
  itXcp('GatherV2', () =>
    fc.assert(
      fc.asyncProperty(
        fc
          .tuple(shapes(1, 3), dtype)
          .chain(([shape, type]) =>
            fc
              .nat(shape.length - 1)
              .chain((axis) =>
                fc.tuple(
                  plain(shape, type),
                  plain([3, 2], 'int32', index(shape[axis]! - 1)),
                  fc.constant(axis),
                ),
              ),
          ),
        ([x, indices, axis]) => expectSameKernel('GatherV2', { x, indices }, { axis, batchDims: 0 }),
      ),
      runs(20),
    ),
  );
  itXcp('GatherV2 by batch', () =>
    fc.assert(
      fc.asyncProperty(plain([3, 5, 2]), plain([3, 4], 'int32', index(4)), (x, indices) =>
        expectSameKernel('GatherV2', { x, indices }, { axis: 1, batchDims: 1 }),
      ),
      runs(5),
    ),
  );
  itXcp('GatherNd', () =>
    fc.assert(
      fc.asyncProperty(plain([4, 3, 5]), plain([2, 3, 2], 'int32', index(2)), (params, indices) =>
        expectSameKernel('GatherNd', { params, indices }),
      ),
      runs(5),
    ),
  );
  itXcp('UnsortedSegmentSum, which leaves out ids that are none', () =>
    fc.assert(
      fc.asyncProperty(
        plain([9, 70], 'float32', fc.integer({ min: -9, max: 9 })),
        plain([9], 'int32', fc.integer({ min: -1, max: 5 })),
        (x, segmentIds) => expectSameKernel('UnsortedSegmentSum', { x, segmentIds }, { numSegments: 4 }),
      ),
      runs(5),
    ),
  );
  itXcp('Select', () =>
    fc.assert(
      fc.asyncProperty(
        fc.tuple(shapes(1, 3), dtype).chain(([shape, type]) =>
          fc.record({
            condition: plain(shape, 'bool'),
            t: plain(shape, type),
            e: plain(shape, type),
          }),
        ),
        (inputs) => expectSameKernel('Select', inputs as unknown as Inputs),
      ),
      runs(20),
    ),
  );
  itXcp('Select by rows', async () => {
    // TensorFlow.js's cpu kernel repeats the first elements here, so against what must come out.
    const condition = { shape: [2], values: Uint8Array.of(1, 0), dtype: 'bool' as const };
    const t = { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) };
    const e = { shape: [2, 3], values: Float32Array.of(-1, -2, -3, -4, -5, -6) };
    const [y] = await runKernel('xcp', 'Select', { condition, t, e });
    expect(y!.values).toEqual([1, 2, 3, -4, -5, -6]);
  });
  itXcp('OneHot, with indices outside', () =>
    fc.assert(
      fc.asyncProperty(
        plain([7], 'int32', fc.integer({ min: -2, max: 6 })),
        fc.constantFrom('float32', 'int32', 'bool'),
        (indices, type) =>
          expectSameKernel('OneHot', { indices }, { depth: 5, onValue: 1, offValue: 0, dtype: type }),
      ),
      runs(6),
    ),
  );
  itXcp('Range and LinSpace', async () => {
    for (const attrs of [
      { start: 0, stop: 5, step: 1, dtype: 'int32' },
      { start: 1, stop: -2, step: -0.5, dtype: 'float32' },
      { start: 3, stop: 0, step: 1, dtype: 'float32' },
      { start: 0, stop: 0, step: 1, dtype: 'float32' },
      { start: 0, stop: 3, step: -1, dtype: 'float32' },
    ]) {
      await expectSameKernel('Range', {}, attrs);
    }
    await expectSameKernel('LinSpace', {}, { start: -1, stop: 2, num: 7 });
    await expectSameKernel('LinSpace', {}, { start: 4, stop: 2, num: 1 });
  });
});

describe('resizing', () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }));
  for (const name of ['ResizeBilinear', 'ResizeNearestNeighbor']) {
    itXcp(`${name} against the cpu backend`, () =>
      fc.assert(
        fc.asyncProperty(
          plain([2, 5, 4, 3], 'float32', fc.double({ min: -1, max: 1, noNaN: true })),
          sizes,
          fc.constantFrom([false, false], [true, false], [false, true]),
          (images, size, [alignCorners, halfPixelCenters]) =>
            expectSameKernel(name, { images }, { size, alignCorners, halfPixelCenters }),
        ),
        runs(25),
      ),
    );
    // Resizing is linear, so for its gradient g of Σ w·resize(x): Σ w·resize(x) = Σ g·x.
    itXcp(`the gradient of ${name} is that of the forward pass`, () =>
      fc.assert(
        fc.asyncProperty(
          plain([2, 5, 4, 67], 'float32', fc.integer({ min: -3, max: 3 })),
          sizes,
          fc.constantFrom([false, false], [true, false], [false, true]),
          async (images, size, [alignCorners, halfPixelCenters]) => {
            const attrs = { size, alignCorners, halfPixelCenters };
            const [y] = await runKernel('xcp', name, { images }, attrs);
            const weights = Float32Array.from(y!.values, (_, i) => Math.sin(i));
            const dy = { shape: y!.shape, values: weights };
            const [g] = await runKernel('xcp', `${name}Grad`, { images, dy }, attrs);
            expect(g!.shape).toEqual(images.shape);
            const forward = y!.values.reduce((sum, v, i) => sum + v * weights[i]!, 0);
            const backward = g!.values.reduce((sum, v, i) => sum + v * images.values[i]!, 0);
            expect(Math.abs(forward - backward)).toBeLessThan(1e-3);
          },
        ),
        runs(10),
      ),
    );
  }
});
