import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { type Epilogue, finish, supportsEpilogue } from './epilogue';
import { checkGradient, convGeometry, type Shape4, type WindowAttrs } from './geometry';
import { areFloats, kernel } from './kernel';

const geometry = (c: backend_util.Conv2DInfo): number[] => [
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

interface DepthwiseInputs {
  x: TensorInfo;
  filter: TensorInfo;
}

interface FusedDepthwiseInputs extends DepthwiseInputs {
  bias?: TensorInfo;
  preluActivationWeights?: TensorInfo;
}

function forward(
  kernelName: string,
  backend: XcpBackend,
  { x, filter }: DepthwiseInputs,
  attrs: WindowAttrs,
): TensorInfo {
  const conv = convGeometry(kernelName, x.shape, filter.shape, attrs, true);
  const y = backend.output(conv.outShape, 'float32');
  if (conv.outShape.includes(0)) return y;
  const addresses = [x, filter, y].map((t) => backend.address(t));
  backend.library.call('depthwise', ...addresses, ...geometry(conv));
  return y;
}

/** The native kernel adds no bias of its own: all of the epilogue comes afterwards. */
const nothing = { code: 0 };

export const depthwiseKernels = [
  kernel<DepthwiseInputs, WindowAttrs>(
    'DepthwiseConv2dNative',
    ({ inputs, attrs, backend }) => forward('DepthwiseConv2dNative', backend, inputs, attrs),
    ({ inputs: { x, filter } }) => areFloats(x, filter),
  ),
  kernel<FusedDepthwiseInputs, WindowAttrs & Epilogue>(
    'FusedDepthwiseConv2D',
    ({ inputs, attrs, backend }) => {
      const y = forward('FusedDepthwiseConv2D', backend, inputs, attrs);
      return y.shape.includes(0) ? y : finish(backend, y, { ...inputs, ...attrs }, nothing);
    },
    ({ inputs: { x, filter, bias, preluActivationWeights }, attrs }) =>
      areFloats(x, filter) && supportsEpilogue({ ...attrs, bias, preluActivationWeights }),
  ),
  kernel<{ dy: TensorInfo; filter: TensorInfo }, WindowAttrs & { inputShape: Shape4 }>(
    'DepthwiseConv2dNativeBackpropInput',
    ({ inputs: { dy, filter }, attrs, backend }) => {
      const name = 'DepthwiseConv2dNativeBackpropInput';
      const conv = convGeometry(name, attrs.inputShape, filter.shape, attrs, true);
      checkGradient(name, dy, conv.outShape);
      const dx = backend.output(attrs.inputShape, 'float32');
      const addresses = [dy, filter, dx].map((t) => backend.address(t));
      backend.library.call('depthwiseInputGradient', ...addresses, ...geometry(conv));
      return dx;
    },
    ({ inputs: { dy, filter } }) => areFloats(dy, filter),
  ),
  kernel<{ x: TensorInfo; dy: TensorInfo }, WindowAttrs & { filterShape: Shape4 }>(
    'DepthwiseConv2dNativeBackpropFilter',
    ({ inputs: { x, dy }, attrs, backend }) => {
      const name = 'DepthwiseConv2dNativeBackpropFilter';
      const conv = convGeometry(name, x.shape, attrs.filterShape, attrs, true);
      checkGradient(name, dy, conv.outShape);
      const df = backend.output(attrs.filterShape, 'float32');
      const addresses = [x, dy, df].map((t) => backend.address(t));
      backend.library.call('depthwiseFilterGradient', ...addresses, ...geometry(conv));
      return df;
    },
    ({ inputs: { x, dy } }) => areFloats(x, dy),
  ),
];
