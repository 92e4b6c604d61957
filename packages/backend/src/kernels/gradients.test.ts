import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe } from 'vitest';
import { broadcastable, runs, shapes } from '../testing/arbitraries';
import { expectSame, itXcp, weightedSum } from '../testing/on-both';

type Op = (...xs: tf.Tensor[]) => tf.Tensor;

/** Values in (0.1, 0.9), where every function below is smooth. */
const smooth = (size: number, seed: number) =>
  Float32Array.from({ length: size }, (_, i) => 0.5 + 0.4 * Math.sin((i + 1) * (seed + 1.7)));

/** Expects value and gradients of `op` by all its inputs to be those of the cpu backend, all in native code. */
async function expectGradients(inputs: number[][], op: Op, tolerance = 2e-5): Promise<void> {
  await expectSame(
    inputs,
    (...xs) => {
      const { value, grads } = tf.valueAndGrads((...vs: tf.Tensor[]) => weightedSum(op(...vs)))(xs);
      return [value, ...grads];
    },
    { tolerance, values: inputs.map((shape, i) => smooth(tf.util.sizeFromShape(shape), i)) },
  );
}

const UNARY: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  relu: (x) => tf.relu(tf.sub(x, 0.5)),
  relu6: (x) => tf.relu6(tf.mul(x, 8)),
  elu: (x) => tf.elu(tf.sub(x, 0.5)),
  selu: (x) => tf.selu(tf.sub(x, 0.5)),
  leakyRelu: (x) => tf.leakyRelu(tf.sub(x, 0.5)),
  sigmoid: tf.sigmoid,
  tanh: tf.tanh,
  softplus: tf.softplus,
  exp: tf.exp,
  expm1: tf.expm1,
  log: tf.log,
  log1p: tf.log1p,
  sqrt: tf.sqrt,
  rsqrt: tf.rsqrt,
  square: tf.square,
  reciprocal: tf.reciprocal,
  abs: (x) => tf.abs(tf.sub(x, 0.5)),
  neg: tf.neg,
  sin: tf.sin,
  cos: tf.cos,
  tan: tf.tan,
  asin: tf.asin,
  acos: tf.acos,
  atan: tf.atan,
  sinh: tf.sinh,
  cosh: tf.cosh,
  asinh: tf.asinh,
  acosh: (x) => tf.acosh(tf.add(x, 1)),
  atanh: tf.atanh,
  erf: tf.erf,
  floor: tf.floor,
  round: tf.round,
  clip: (x) => tf.clipByValue(x, 0.3, 0.7),
  cast: (x) => tf.cast(tf.cast(x, 'int32'), 'float32'),
};

describe('gradients of functions of one tensor', () => {
  for (const [name, f] of Object.entries(UNARY)) {
    itXcp(name, () =>
      fc.assert(
        fc.asyncProperty(shapes(0, 3), (shape) => expectGradients([shape], (x) => f(x!))),
        runs(4),
      ),
    );
  }
});

describe('gradients of functions of two tensors, broadcast', () => {
  const ops = {
    add: tf.add,
    sub: tf.sub,
    mul: tf.mul,
    div: tf.div,
    pow: tf.pow,
    atan2: tf.atan2,
    mod: tf.mod,
  };
  for (const [name, op] of Object.entries(ops)) {
    itXcp(name, () =>
      fc.assert(
        fc.asyncProperty(broadcastable, (pair) => expectGradients([...pair], (a, b) => op(a!, b!))),
        runs(6),
      ),
    );
  }
  // TensorFlow.js's gradients of these do not sum over what was broadcast.
  const alike = { maximum: tf.maximum, minimum: tf.minimum, squaredDifference: tf.squaredDifference };
  for (const [name, op] of Object.entries(alike)) {
    itXcp(name, () =>
      fc.assert(
        fc.asyncProperty(shapes(0, 3), (shape) => expectGradients([shape, shape], (a, b) => op(a!, b!))),
        runs(4),
      ),
    );
  }
  itXcp('prelu', () => expectGradients([[3, 5], [5]], (x, alpha) => tf.prelu(tf.sub(x!, 0.5), alpha!)));
});

describe('gradients of reductions and scans', () => {
  const ops: Record<string, (x: tf.Tensor, axis: number[]) => tf.Tensor> = {
    sum: (x, axis) => tf.sum(x, axis),
    mean: (x, axis) => tf.mean(x, axis),
    max: (x, axis) => tf.max(x, axis),
    min: (x, axis) => tf.min(x, axis),
    logSumExp: (x, axis) => tf.logSumExp(x, axis),
    variance: (x, axis) => tf.moments(x, axis).variance,
  };
  for (const [name, op] of Object.entries(ops)) {
    for (const axis of [[0], [1], [2], [0, 2]]) {
      itXcp(`${name} over [${axis}]`, () => expectGradients([[3, 4, 5]], (x) => op(x!, axis)));
    }
  }
  // Along another axis TensorFlow.js's gradient has the wrong shape.
  itXcp('cumsum', () => expectGradients([[3, 4, 5]], (x) => tf.cumsum(x!, 2, true, true)));
  itXcp('softmax', () => expectGradients([[3, 7]], (x) => tf.softmax(tf.mul(x!, 3))));
});

describe('gradients of copies', () => {
  const ops: Record<string, (x: tf.Tensor) => tf.Tensor> = {
    transpose: (x) => tf.transpose(x, [2, 0, 1]),
    reshape: (x) => tf.reshape(x, [4, 15]),
    slice: (x) => tf.slice(x, [1, 0, 2], [2, 3, 2]),
    stridedSlice: (x) => tf.reverse(x, [1]),
    pad: (x) =>
      tf.pad(x, [
        [1, 0],
        [0, 2],
        [1, 1],
      ]),
    tile: (x) => tf.tile(x, [1, 2, 3]),
    concat: (x) => tf.concat([x, tf.square(x)], 1),
    stack: (x) => tf.stack([x, tf.square(x)], 1),
    split: (x) => tf.mul(tf.split(x, [1, 3], 1)[1]!, 2),
    unstack: (x) => tf.unstack(x, 2)[1]!,
    gather: (x) => tf.gather(x, tf.tensor1d([2, 0, 2], 'int32'), 0),
    where: (x) => tf.where(tf.greater(tf.reshape(tf.sin(tf.range(0, 60)), x.shape), 0), tf.square(x), x),
    expandDims: (x) => tf.expandDims(x, 1),
    spaceToBatch: (x) => tf.spaceToBatchND(x, [2], [[0, 0]]),
    batchToSpace: (x) => tf.batchToSpaceND(tf.transpose(x, [1, 0, 2]), [2], [[1, 0]]),
  };
  for (const [name, op] of Object.entries(ops)) {
    itXcp(name, () => expectGradients([[3, 4, 5]], (x) => op(x!)));
  }
});

/** A convolution or pooling of odd proportions. */
const windows = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    height: fc.integer({ min: 3, max: 8 }),
    width: fc.integer({ min: 3, max: 8 }),
    channels: fc.constantFrom(1, 3, 17),
    filters: fc.constantFrom(1, 4, 33),
    kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    pad: fc.constantFrom('same' as const, 'valid' as const),
  })
  .map((w) => ({ ...w, x: [w.batch, w.height, w.width, w.channels] }));

describe('gradients of windows of odd proportions', () => {
  itXcp('conv2d', () =>
    fc.assert(
      fc.asyncProperty(windows, ({ x, kernel, channels, filters, strides, pad }) =>
        expectGradients([x, [...kernel, channels, filters]], (a, f) =>
          tf.conv2d(a as tf.Tensor4D, f as tf.Tensor4D, strides, pad),
        ),
      ),
      runs(15),
    ),
  );
  itXcp('conv2dTranspose', () =>
    fc.assert(
      fc.asyncProperty(windows, ({ x, kernel, channels, filters, strides }) => {
        const out = [
          x[0]!,
          (x[1]! - 1) * strides[0] + kernel[0],
          (x[2]! - 1) * strides[1] + kernel[1],
          filters,
        ];
        return expectGradients(
          [x, [...kernel, filters, channels]],
          (a, f) =>
            tf.conv2dTranspose(
              a as tf.Tensor4D,
              f as tf.Tensor4D,
              out as [number, number, number, number],
              strides,
              'valid',
            ),
          1e-4,
        );
      }),
      runs(8),
    ),
  );
  itXcp('fused conv2d', () =>
    fc.assert(
      fc.asyncProperty(
        windows,
        fc.constantFrom('linear', 'relu', 'relu6'),
        ({ x, kernel, channels, filters, strides, pad }, activation) =>
          expectGradients([x, [...kernel, channels, filters], [filters]], (a, f, bias) =>
            tf.fused.conv2d({
              x: a as tf.Tensor4D,
              filter: f as tf.Tensor4D,
              strides,
              pad,
              bias: bias!,
              activation: activation as 'relu',
            }),
          ),
      ),
      runs(6),
    ),
  );
  itXcp('depthwiseConv2d', () =>
    fc.assert(
      fc.asyncProperty(windows, fc.constantFrom(1, 2), ({ x, kernel, channels, strides, pad }, multiplier) =>
        expectGradients([x, [...kernel, channels, multiplier]], (a, f) =>
          tf.depthwiseConv2d(a as tf.Tensor4D, f as tf.Tensor4D, [strides[0], strides[0]], pad),
        ),
      ),
      runs(15),
    ),
  );
  itXcp('maxPool', () =>
    fc.assert(
      fc.asyncProperty(windows, ({ x, kernel, strides, pad }) =>
        expectGradients([x], (a) => tf.maxPool(a as tf.Tensor4D, kernel, strides, pad)),
      ),
      runs(15),
    ),
  );
  // Without padding: at a border TensorFlow.js's gradient is not that of its forward pass (see basics.test.ts).
  itXcp('avgPool', () =>
    fc.assert(
      fc.asyncProperty(windows, ({ x, kernel, strides }) =>
        expectGradients([x], (a) => tf.avgPool(a as tf.Tensor4D, kernel, strides, 'valid')),
      ),
      runs(10),
    ),
  );
  itXcp('resizing', async () => {
    await expectGradients([[2, 4, 4, 3]], (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [7, 3]));
    // One image: TensorFlow.js's cpu gradient looks for those after it in the wrong place.
    await expectGradients([[1, 4, 4, 3]], (x) =>
      tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [3, 9], true),
    );
  });
  itXcp('batch norm at inference', () =>
    expectGradients([[2, 3, 3, 5], [5], [5], [5], [5]], (x, mean, variance, offset, scale) =>
      tf.batchNorm(
        x as tf.Tensor4D,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
      ),
    ),
  );
});

describe('gradients of matrix products', () => {
  const flags = fc.tuple(fc.boolean(), fc.boolean());
  const sizes = fc.tuple(fc.constantFrom(1, 3, 14), fc.constantFrom(1, 5, 33), fc.constantFrom(1, 2, 35));
  const turned = (rows: number, columns: number, transposed: boolean) =>
    transposed ? [columns, rows] : [rows, columns];
  itXcp('matMul, any side transposed, by batches', () =>
    fc.assert(
      fc.asyncProperty(sizes, flags, shapes(0, 2), ([m, k, n], [ta, tb], batch) =>
        expectGradients(
          [
            [...batch, ...turned(m, k, ta)],
            [...batch, ...turned(k, n, tb)],
          ],
          (a, b) => tf.matMul(a!, b!, ta, tb),
        ),
      ),
      runs(12),
    ),
  );
  itXcp('fused matMul', () =>
    fc.assert(
      fc.asyncProperty(sizes, fc.constantFrom('linear', 'relu', 'relu6', 'elu'), ([m, k, n], activation) =>
        expectGradients([[m, k], [k, n], [n]], (a, b, bias) =>
          tf.fused.matMul({ a: a!, b: b!, bias: bias!, activation: activation as 'relu' }),
        ),
      ),
      runs(8),
    ),
  );
});
