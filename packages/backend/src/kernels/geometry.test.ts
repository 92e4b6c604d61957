import * as tf from '@tensorflow/tfjs-core';
import { describe, expect } from 'vitest';
import { expectSameKernel, type Inputs, runKernel } from '../testing/kernels';
import { expectSame, itXcp, type Plain, values } from '../testing/on-both';

const tensor = (...shape: number[]): Plain => ({ shape, values: values(tf.util.sizeFromShape(shape)) });
const attrs = { strides: 1, pad: 'same', dataFormat: 'NHWC', dilations: 1 };

/** Each of these read or wrote beyond a tensor's memory, or counted for something else, before it was checked. */
const REFUSED: [string, string, Inputs, object, string][] = [
  [
    'a filter for another number of channels',
    'Conv2D',
    { x: tensor(1, 4, 4, 3), filter: tensor(3, 3, 5, 2) },
    attrs,
    "must have the filter's 5 input channels",
  ],
  [
    'a depthwise filter for another number of channels',
    'DepthwiseConv2dNative',
    { x: tensor(1, 4, 4, 3), filter: tensor(3, 3, 5, 1) },
    attrs,
    "must have the filter's 5 input channels",
  ],
  [
    'a stride of 0',
    'MaxPool',
    { x: tensor(1, 4, 4, 3) },
    { filterSize: 2, strides: 0, pad: 'valid' },
    '`strides` must be whole numbers from 1',
  ],
  [
    'a window larger than the map',
    'AvgPool',
    { x: tensor(1, 4, 4, 3) },
    { filterSize: 6, strides: 1, pad: 'valid' },
    'does not fit the input',
  ],
  [
    'an output gradient of another shape',
    'Conv2DBackpropFilter',
    { x: tensor(1, 4, 4, 3), dy: tensor(1, 2, 2, 2) },
    { ...attrs, filterShape: [3, 3, 3, 2] },
    "`dy` must have the output's shape [1,4,4,2], received [1,2,2,2]",
  ],
  [
    'a pooling gradient of another shape',
    'MaxPoolGrad',
    { dy: tensor(1, 1, 1, 3), input: tensor(1, 4, 4, 3) },
    { filterSize: 2, strides: 2, pad: 'valid' },
    "`dy` must have the output's shape [1,2,2,3], received [1,1,1,3]",
  ],
  [
    'a batch norm gradient of another size',
    'XcpBatchNormTrainGrad',
    {
      x: tensor(2, 3),
      y: tensor(2, 3),
      dy: tensor(1, 3),
      gamma: tensor(3),
      mean: tensor(3),
      invStd: tensor(3),
    },
    {},
    '`dy` must be float32 [2,3], received float32 [1,3]',
  ],
  [
    'a slice of more axes than there are',
    'Slice',
    { x: tensor() },
    { begin: [3], size: [1] },
    'leaves the shape []',
  ],
  [
    'a shape of fractions',
    'Reshape',
    { x: tensor(6) },
    { shape: [1.5, 4] },
    'cannot give [6] the shape [1.5,4]',
  ],
];

describe('shapes and attributes that native code must never see', () => {
  for (const [title, name, inputs, attributes, message] of REFUSED) {
    itXcp(`refuses ${title}`, async () => {
      await expect(runKernel('xcp', name, inputs, attributes)).rejects.toThrow(message);
    });
  }
});

describe('what follows a product', () => {
  itXcp('adds a bias of one value per row to rows, though it is as long as a row', () =>
    expectSame(
      [
        [4, 3],
        [3, 4],
        [4, 1],
      ],
      (a, b, bias) =>
        tf.fused.matMul({ a: a as tf.Tensor2D, b: b as tf.Tensor2D, bias: bias!, activation: 'relu' }),
    ),
  );
  for (const activation of ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const) {
    const weights = { preluActivationWeights: tensor(5), bias: tensor(5) };
    itXcp(`applies ${activation} to products and convolutions, with a bias`, async () => {
      const more = { activation, leakyreluAlpha: 0.3 };
      const products = { a: tensor(2, 7, 3), b: tensor(1, 3, 5), ...weights };
      await expectSameKernel('_FusedMatMul', products, more, { tolerance: 1e-5 });
      const dense = { x: tensor(1, 4, 5, 3), filter: tensor(2, 2, 3, 5), ...weights };
      await expectSameKernel('FusedConv2D', dense, { ...attrs, ...more }, { tolerance: 1e-5 });
      const depthwise = { x: tensor(1, 4, 5, 5), filter: tensor(3, 3, 5, 1), ...weights };
      await expectSameKernel('FusedDepthwiseConv2D', depthwise, { ...attrs, ...more }, { tolerance: 1e-5 });
    });
  }
  itXcp('applies an activation to a depthwise convolution without a bias', () =>
    expectSameKernel(
      'FusedDepthwiseConv2D',
      { x: tensor(1, 4, 5, 5), filter: tensor(3, 3, 5, 1) },
      { ...attrs, activation: 'relu' },
      { tolerance: 1e-5 },
    ),
  );
  itXcp('multiplies batches that are broadcast on both sides', async () => {
    // TensorFlow.js's cpu kernel takes the wrong matrices here, so against one product at a time.
    const [a, b] = [tensor(2, 1, 3, 4), tensor(1, 3, 4, 2)];
    const [c] = await runKernel('xcp', 'BatchMatMul', { a, b }, { transposeA: false, transposeB: false });
    expect(c!.shape).toEqual([2, 3, 3, 2]);
    for (let i = 0; i < 2; i++) {
      for (let j = 0; j < 3; j++) {
        const one = { shape: [3, 4], values: a.values.slice(i * 12, i * 12 + 12) };
        const other = { shape: [4, 2], values: b.values.slice(j * 8, j * 8 + 8) };
        const [product] = await runKernel('xcp', 'BatchMatMul', { a: one, b: other }, {});
        expect(c!.values.slice((i * 3 + j) * 6, (i * 3 + j) * 6 + 6)).toEqual(product!.values);
      }
    }
  });
});
