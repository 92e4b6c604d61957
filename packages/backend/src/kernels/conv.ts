import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { type Epilogue, finish, fused, supportsEpilogue } from './epilogue';
import { checkGradient, convGeometry, type Shape4, type WindowAttrs } from './geometry';
import { areFloats, kernel } from './kernel';

const MAX_TAPS = 1024;

const geometry = (c: backend_util.Conv2DInfo): number[] => [
  c.batchSize,
  c.inHeight,
  c.inWidth,
  c.inChannels,
  c.outHeight,
  c.outWidth,
  c.outChannels,
  c.filterHeight,
  c.filterWidth,
  c.strideHeight,
  c.strideWidth,
  c.dilationHeight,
  c.dilationWidth,
  c.padInfo.top,
  c.padInfo.left,
];

const isNhwc = (attrs: WindowAttrs, filter: readonly number[]) =>
  (attrs.dataFormat ?? 'NHWC') === 'NHWC' && filter[0]! * filter[1]! <= MAX_TAPS;

function forward(
  kernelName: string,
  backend: XcpBackend,
  { x, filter }: ConvInputs,
  epilogue: Epilogue,
  attrs: WindowAttrs,
): TensorInfo {
  const conv = convGeometry(kernelName, x.shape, filter.shape, attrs);
  const done = fused(epilogue, conv.outChannels);
  const y = backend.output(conv.outShape, 'float32');
  if (conv.outShape.includes(0)) return y;
  backend.library.call(
    'conv2d',
    backend.address(x),
    backend.address(filter),
    done.bias ? backend.address(done.bias) : 0,
    backend.address(y),
    done.code,
    ...geometry(conv),
  );
  return finish(backend, y, epilogue, done);
}

interface ConvInputs {
  x: TensorInfo;
  filter: TensorInfo;
}

interface FusedConvInputs extends ConvInputs {
  bias?: TensorInfo;
  preluActivationWeights?: TensorInfo;
}

export const convKernels = [
  kernel<ConvInputs, WindowAttrs>(
    'Conv2D',
    ({ inputs, attrs, backend }) => forward('Conv2D', backend, inputs, {}, attrs),
    ({ inputs: { x, filter }, attrs }) => areFloats(x, filter) && isNhwc(attrs, filter.shape),
  ),
  kernel<FusedConvInputs, WindowAttrs & { activation?: string; leakyreluAlpha?: number }>(
    'FusedConv2D',
    ({ inputs, attrs, backend }) => forward('FusedConv2D', backend, inputs, { ...inputs, ...attrs }, attrs),
    ({ inputs: { x, filter, bias, preluActivationWeights }, attrs }) =>
      areFloats(x, filter) &&
      isNhwc(attrs, filter.shape) &&
      supportsEpilogue({ ...attrs, bias, preluActivationWeights }),
  ),
  kernel<{ dy: TensorInfo; filter: TensorInfo }, WindowAttrs & { inputShape: Shape4 }>(
    'Conv2DBackpropInput',
    ({ inputs: { dy, filter }, attrs, backend }) => {
      const conv = convGeometry('Conv2DBackpropInput', attrs.inputShape, filter.shape, attrs);
      checkGradient('Conv2DBackpropInput', dy, conv.outShape);
      const dx = backend.output(attrs.inputShape, 'float32');
      const addresses = [dy, filter, dx].map((t) => backend.address(t));
      backend.library.call('conv2dInputGradient', ...addresses, ...geometry(conv));
      return dx;
    },
    ({ inputs: { dy, filter }, attrs }) => areFloats(dy, filter) && isNhwc(attrs, filter.shape),
  ),
  kernel<{ x: TensorInfo; dy: TensorInfo }, WindowAttrs & { filterShape: Shape4 }>(
    'Conv2DBackpropFilter',
    ({ inputs: { x, dy }, attrs, backend }) => {
      const conv = convGeometry('Conv2DBackpropFilter', x.shape, attrs.filterShape, attrs);
      checkGradient('Conv2DBackpropFilter', dy, conv.outShape);
      const df = backend.output(attrs.filterShape, 'float32');
      const addresses = [x, dy, df].map((t) => backend.address(t));
      backend.library.call('conv2dFilterGradient', ...addresses, ...geometry(conv));
      return df;
    },
    ({ inputs: { x, dy }, attrs }) => areFloats(x, dy) && isNhwc(attrs, attrs.filterShape),
  ),
];
