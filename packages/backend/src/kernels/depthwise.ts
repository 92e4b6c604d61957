import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { areFloats, kernel } from './kernel';

type Shape4 = [number, number, number, number];

interface DepthwiseAttrs {
  strides: number | [number, number];
  pad: 'same' | 'valid' | number | backend_util.ExplicitPadding;
  dilations?: number | [number, number];
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function geometry(x: readonly number[], filter: readonly number[], attrs: DepthwiseAttrs) {
  const c = backend_util.computeConv2DInfo(
    x as Shape4,
    filter as Shape4,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    true,
  );
  const args = [
    c.batchSize,
    c.inHeight,
    c.inWidth,
    c.inChannels,
    c.outChannels / c.inChannels,
    c.outHeight,
    c.outWidth,
    c.filterHeight,
    c.filterWidth,
    c.strideHeight,
    c.strideWidth,
    c.dilationHeight,
    c.dilationWidth,
    c.padInfo.top,
    c.padInfo.left,
  ];
  return { outShape: c.outShape, args };
}

export const depthwiseKernels = [
  kernel<{ x: TensorInfo; filter: TensorInfo }, DepthwiseAttrs>(
    'DepthwiseConv2dNative',
    ({ inputs: { x, filter }, attrs, backend }) => {
      const { outShape, args } = geometry(x.shape, filter.shape, attrs);
      const y = backend.output(outShape, 'float32');
      backend.library.call(
        'depthwise',
        backend.address(x),
        backend.address(filter),
        backend.address(y),
        ...args,
      );
      return y;
    },
    ({ inputs: { x, filter } }) => areFloats(x, filter),
  ),
  kernel<{ dy: TensorInfo; filter: TensorInfo }, DepthwiseAttrs & { inputShape: Shape4 }>(
    'DepthwiseConv2dNativeBackpropInput',
    ({ inputs: { dy, filter }, attrs, backend }) => {
      const dx = backend.output(attrs.inputShape, 'float32');
      backend.library.call(
        'depthwiseInputGradient',
        backend.address(dy),
        backend.address(filter),
        backend.address(dx),
        ...geometry(attrs.inputShape, filter.shape, attrs).args,
      );
      return dx;
    },
    ({ inputs: { dy, filter } }) => areFloats(dy, filter),
  ),
  kernel<{ x: TensorInfo; dy: TensorInfo }, DepthwiseAttrs & { filterShape: Shape4 }>(
    'DepthwiseConv2dNativeBackpropFilter',
    ({ inputs: { x, dy }, attrs, backend }) => {
      const df = backend.output(attrs.filterShape, 'float32');
      backend.library.call(
        'depthwiseFilterGradient',
        backend.address(x),
        backend.address(dy),
        backend.address(df),
        ...geometry(x.shape, attrs.filterShape, attrs).args,
      );
      return df;
    },
    ({ inputs: { x, dy } }) => areFloats(x, dy),
  ),
];
