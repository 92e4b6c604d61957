import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { type Dtype, ints, plain, runs, shapes } from '../testing/arbitraries';
import { itXcp, type Plain, useXcp } from '../testing/on-both';

/** The inputs and attributes of kernels that pass shapes and steps on to native code. */
const KERNELS: Record<string, { inputs: string[] | number; attrs: string[] }> = {
  Add: { inputs: ['a', 'b'], attrs: [] },
  Pow: { inputs: ['a', 'b'], attrs: [] },
  Equal: { inputs: ['a', 'b'], attrs: [] },
  LogicalAnd: { inputs: ['a', 'b'], attrs: [] },
  Prelu: { inputs: ['x', 'alpha'], attrs: [] },
  EluGrad: { inputs: ['dy', 'y'], attrs: [] },
  XcpReluGrad: { inputs: ['dy', 'y'], attrs: [] },
  AddN: { inputs: 2, attrs: [] },
  Relu: { inputs: ['x'], attrs: [] },
  ClipByValue: { inputs: ['x'], attrs: ['clipValueMin', 'clipValueMax'] },
  Sum: { inputs: ['x'], attrs: ['axis', 'keepDims'] },
  Mean: { inputs: ['x'], attrs: ['axis', 'keepDims'] },
  Max: { inputs: ['x'], attrs: ['reductionIndices', 'keepDims'] },
  All: { inputs: ['x'], attrs: ['axis', 'keepDims'] },
  ArgMax: { inputs: ['x'], attrs: ['axis'] },
  Cumsum: { inputs: ['x'], attrs: ['axis', 'exclusive', 'reverse'] },
  Softmax: { inputs: ['logits'], attrs: ['dim'] },
  XcpSoftmaxCrossEntropy: { inputs: ['logits', 'labels'], attrs: ['labelSmoothing'] },
  Reshape: { inputs: ['x'], attrs: ['shape'] },
  ExpandDims: { inputs: ['input'], attrs: ['dim'] },
  Transpose: { inputs: ['x'], attrs: ['perm'] },
  Slice: { inputs: ['x'], attrs: ['begin', 'size'] },
  StridedSlice: {
    inputs: ['x'],
    attrs: [
      'begin',
      'end',
      'strides',
      'beginMask',
      'endMask',
      'ellipsisMask',
      'newAxisMask',
      'shrinkAxisMask',
    ],
  },
  Reverse: { inputs: ['x'], attrs: ['dims'] },
  SplitV: { inputs: ['x'], attrs: ['numOrSizeSplits', 'axis'] },
  Unpack: { inputs: ['value'], attrs: ['axis'] },
  PadV2: { inputs: ['x'], attrs: ['paddings', 'constantValue'] },
  MirrorPad: { inputs: ['x'], attrs: ['paddings', 'mode'] },
  Concat: { inputs: 2, attrs: ['axis'] },
  Pack: { inputs: 2, attrs: ['axis'] },
  Tile: { inputs: ['x'], attrs: ['reps'] },
  DepthToSpace: { inputs: ['x'], attrs: ['blockSize', 'dataFormat'] },
  SpaceToBatchND: { inputs: ['x'], attrs: ['blockShape', 'paddings'] },
  BatchToSpaceND: { inputs: ['x'], attrs: ['blockShape', 'crops'] },
  GatherV2: { inputs: ['x', 'indices'], attrs: ['axis', 'batchDims'] },
  GatherNd: { inputs: ['params', 'indices'], attrs: [] },
  UnsortedSegmentSum: { inputs: ['x', 'segmentIds'], attrs: ['numSegments'] },
  Select: { inputs: ['condition', 't', 'e'], attrs: [] },
  OneHot: { inputs: ['indices'], attrs: ['depth', 'onValue', 'offValue'] },
  ResizeBilinear: { inputs: ['images'], attrs: ['size', 'alignCorners', 'halfPixelCenters'] },
  ResizeBilinearGrad: { inputs: ['images', 'dy'], attrs: ['alignCorners'] },
  ResizeNearestNeighbor: { inputs: ['images'], attrs: ['size', 'alignCorners'] },
  ResizeNearestNeighborGrad: { inputs: ['images', 'dy'], attrs: ['alignCorners'] },
  BatchMatMul: { inputs: ['a', 'b'], attrs: ['transposeA', 'transposeB'] },
  _FusedMatMul: { inputs: ['a', 'b', 'bias'], attrs: ['transposeA', 'transposeB', 'activation'] },
  Conv2D: { inputs: ['x', 'filter'], attrs: ['strides', 'pad', 'dilations', 'dimRoundingMode'] },
  FusedConv2D: { inputs: ['x', 'filter', 'bias'], attrs: ['strides', 'pad', 'dilations', 'activation'] },
  Conv2DBackpropInput: { inputs: ['dy', 'filter'], attrs: ['strides', 'pad', 'inputShape'] },
  Conv2DBackpropFilter: { inputs: ['x', 'dy'], attrs: ['strides', 'pad', 'filterShape'] },
  DepthwiseConv2dNative: { inputs: ['x', 'filter'], attrs: ['strides', 'pad', 'dilations'] },
  DepthwiseConv2dNativeBackpropInput: { inputs: ['dy', 'filter'], attrs: ['strides', 'pad', 'inputShape'] },
  DepthwiseConv2dNativeBackpropFilter: { inputs: ['x', 'dy'], attrs: ['strides', 'pad', 'filterShape'] },
  XcpSeparableConv2D: {
    inputs: ['x', 'depthwiseFilter', 'pointwiseFilter'],
    attrs: ['strides', 'pad', 'dilations'],
  },
  XcpSeparableConv2DGrad: {
    inputs: ['x', 'depthwiseFilter', 'pointwiseFilter', 'z', 'dy'],
    attrs: ['strides', 'pad', 'dilations'],
  },
  MaxPool: { inputs: ['x'], attrs: ['filterSize', 'strides', 'pad'] },
  AvgPool: { inputs: ['x'], attrs: ['filterSize', 'strides', 'pad'] },
  MaxPoolGrad: { inputs: ['dy', 'input'], attrs: ['filterSize', 'strides', 'pad'] },
  AvgPoolGrad: { inputs: ['dy', 'input'], attrs: ['filterSize', 'strides', 'pad'] },
  FusedBatchNorm: { inputs: ['x', 'mean', 'variance', 'offset', 'scale'], attrs: ['varianceEpsilon'] },
  XcpBatchNormTrain: {
    inputs: ['x', 'gamma', 'beta', 'movingMean', 'movingVariance'],
    attrs: ['momentum', 'epsilon', 'relu'],
  },
  XcpBatchNormTrainGrad: { inputs: ['x', 'y', 'dy', 'gamma', 'mean', 'invStd'], attrs: ['relu'] },
  XcpSgdUpdate: { inputs: 3, attrs: ['learningRate', 'momentum', 'nesterov', 'decoupled', 'weightDecay'] },
  XcpAdamUpdate: {
    inputs: 4,
    attrs: ['learningRate', 'beta1', 'beta2', 'epsilon', 'step', 'decoupled', 'weightDecay'],
  },
  XcpRmspropUpdate: {
    inputs: 4,
    attrs: ['learningRate', 'rho', 'momentum', 'epsilon', 'epsilonInRoot', 'decoupled', 'weightDecay'],
  },
  XcpMuonUpdate: {
    inputs: 3,
    attrs: ['learningRate', 'momentum', 'nesterov', 'newtonSchulzSteps', 'weightDecay'],
  },
  XcpEmaUpdate: { inputs: 2, attrs: ['decay'] },
};

/** Numbers that sizes, steps and axes may be, and some that they must not be. */
const number = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -1, max: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, 1.5, -7, 2 ** 40, 2 ** 31, 2 ** 32 + 1) },
);
const list = fc.array(number, { maxLength: 4 });
const attribute = fc.oneof(
  { weight: 4, arbitrary: number },
  { weight: 4, arbitrary: list },
  { weight: 2, arbitrary: fc.array(fc.tuple(number, number), { maxLength: 4 }) },
  { weight: 3, arbitrary: fc.constantFrom('same', 'valid', 'NHWC', 'NCHW', 'reflect', 'relu', 'prelu') },
  { weight: 1, arbitrary: fc.constantFrom(undefined, null, true) },
);

const tensor = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: shapes(4, 4) },
      { weight: 2, arbitrary: shapes(0, 5) },
      fc.constant<number[]>([0, 2]),
    ),
    fc.constantFrom<Dtype>('float32', 'float32', 'int32', 'bool'),
  )
  .filter(([shape]) => tf.util.sizeFromShape(shape) <= 300)
  .chain(([shape, dtype]) =>
    // Indices that hit and that miss.
    dtype === 'int32' ? plain(shape, dtype, ints) : plain(shape, dtype),
  );

const toTensor = ({ values, shape, dtype }: Plain) => tf.tensor(values, shape, dtype ?? 'float32');

/** Runs a kernel that may refuse its inputs, but only by an error, and without losing memory. */
async function attempt(name: string, inputs: Plain[], names: string[] | number, attrs: object) {
  const backend = await useXcp();
  const before = backend.numDataIds();
  const tensors = inputs.map(toTensor);
  try {
    const named = Array.isArray(names)
      ? Object.fromEntries(names.map((key, i) => [key, tensors[i]!]))
      : tensors;
    const { kernelFunc } = tf.getKernel(name, tf.getBackend());
    const result = kernelFunc({
      inputs: named as tf.NamedTensorInfoMap,
      attrs: attrs as tf.NamedAttrMap,
      backend,
    });
    for (const output of [result].flat()) {
      const values = await backend.read(output.dataId);
      expect(values.length).toBe(tf.util.sizeFromShape(output.shape));
      backend.disposeData(output.dataId);
    }
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    if ((error as Error).name === 'AssertionError') throw error;
  } finally {
    tf.dispose(tensors);
  }
  expect(backend.numDataIds(), `${name} leaves no data`).toBe(before);
}

describe('attributes and shapes out of place give an error or a tensor, never a crash', () => {
  for (const [name, { inputs, attrs }] of Object.entries(KERNELS)) {
    const count = Array.isArray(inputs) ? inputs.length : inputs;
    itXcp(name, () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(tensor, { minLength: count, maxLength: count }),
          fc.boolean(),
          fc.record(Object.fromEntries(attrs.map((key) => [key, attribute]))),
          (given, alike, values) => attempt(name, alike ? given.map(() => given[0]!) : given, inputs, values),
        ),
        runs(40),
      ),
    );
  }
});
