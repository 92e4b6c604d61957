import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { areFloats, kernel } from './kernel';

type Shape4 = [number, number, number, number];

interface PoolAttrs {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: 'same' | 'valid' | number | backend_util.ExplicitPadding;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function geometry(x: TensorInfo, attrs: PoolAttrs) {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  const p = backend_util.computePool2DInfo(x.shape as Shape4, filterSize, strides, 1, pad, dimRoundingMode);
  const args = [
    p.batchSize,
    p.inHeight,
    p.inWidth,
    p.inChannels,
    p.outHeight,
    p.outWidth,
    p.filterHeight,
    p.filterWidth,
    p.strideHeight,
    p.strideWidth,
    p.padInfo.top,
    p.padInfo.left,
  ];
  return { outShape: p.outShape, args };
}

const pool = (name: string, average: 0 | 1) =>
  kernel<{ x: TensorInfo }, PoolAttrs>(
    name,
    ({ inputs: { x }, attrs, backend }) => {
      const { outShape, args } = geometry(x, attrs);
      const y = backend.output(outShape, 'float32');
      backend.library.call('pool', backend.address(x), backend.address(y), average, ...args);
      return y;
    },
    ({ inputs: { x } }) => areFloats(x),
  );

export const poolKernels = [
  pool('MaxPool', 0),
  pool('AvgPool', 1),
  kernel<{ dy: TensorInfo; input: TensorInfo }, PoolAttrs>(
    'MaxPoolGrad',
    ({ inputs: { dy, input }, attrs, backend }) => {
      const dx = backend.output(input.shape, 'float32');
      const args = geometry(input, attrs).args;
      backend.library.call(
        'maxPoolGradient',
        backend.address(dy),
        backend.address(input),
        backend.address(dx),
        ...args,
      );
      return dx;
    },
    ({ inputs: { dy, input } }) => areFloats(dy, input),
  ),
  kernel<{ dy: TensorInfo; input: TensorInfo }, PoolAttrs>(
    'AvgPoolGrad',
    ({ inputs: { dy, input }, attrs, backend }) => {
      const dx = backend.output(input.shape, 'float32');
      backend.library.call(
        'avgPoolGradient',
        backend.address(dy),
        backend.address(dx),
        ...geometry(input, attrs).args,
      );
      return dx;
    },
    ({ inputs: { dy, input } }) => areFloats(dy, input),
  ),
];
