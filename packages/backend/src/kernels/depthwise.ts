import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { type Convolution, filterGradient, inputGradient, windowArgs } from './convolution';
import { type Done, type Epilogue, finish, supportsEpilogue } from './epilogue';
import { convGeometry, type Shape4, type WindowAttrs } from './geometry';
import { areFloats, kernel } from './kernel';
import { ReluPlan } from './rectifier';

/** A depthwise convolution. */
export const depthwiseKind: Convolution = {
  native: 'depthwise',
  geometry: (c) => [
    ...[c.batchSize, c.inHeight, c.inWidth, c.inChannels, c.outChannels / c.inChannels],
    ...[c.outHeight, c.outWidth],
    ...windowArgs(c),
  ],
};

interface DepthwiseInputs {
  x: TensorInfo;
  filter: TensorInfo;
}

interface FusedDepthwiseInputs extends DepthwiseInputs {
  bias?: TensorInfo;
  preluActivationWeights?: TensorInfo;
}

/** y of a depthwise convolution. */
export function depthwise(
  kernelName: string,
  backend: XcpBackend,
  { x, filter }: DepthwiseInputs,
  attrs: WindowAttrs,
): TensorInfo {
  const conv = convGeometry(kernelName, x.shape, filter.shape, attrs, true);
  const y = backend.output(conv.outShape, 'float32');
  if (conv.outShape.includes(0)) return y;
  const plan = backend.planOf(x);
  const rectified = plan instanceof ReluPlan;
  const addresses = [rectified ? plan.inputs.x : x, filter, y].map((t) => backend.address(t));
  backend.library.call('depthwise', ...addresses, ...depthwiseKind.geometry(conv), Number(rectified));
  return y;
}

/** The native kernel adds no bias of its own: all of the epilogue comes afterwards. */
const nothing: Done = { bias: undefined, activation: 'linear' };

export const depthwiseKernels = [
  kernel<DepthwiseInputs, WindowAttrs>(
    'DepthwiseConv2dNative',
    ({ inputs, attrs, backend }) => depthwise('DepthwiseConv2dNative', backend, inputs, attrs),
    ({ inputs: { x, filter } }) => areFloats(x, filter),
  ),
  kernel<FusedDepthwiseInputs, WindowAttrs & Epilogue>(
    'FusedDepthwiseConv2D',
    ({ inputs, attrs, backend }) => {
      const y = depthwise('FusedDepthwiseConv2D', backend, inputs, attrs);
      return y.shape.includes(0) ? y : finish(backend, y, { ...inputs, ...attrs }, nothing);
    },
    ({ inputs: { x, filter, bias, preluActivationWeights }, attrs }) =>
      areFloats(x, filter) && supportsEpilogue({ ...attrs, bias, preluActivationWeights }),
  ),
  kernel<{ dy: TensorInfo; filter: TensorInfo }, WindowAttrs & { inputShape: Shape4 }>(
    'DepthwiseConv2dNativeBackpropInput',
    ({ inputs, attrs, backend }) =>
      inputGradient(
        depthwiseKind,
        'DepthwiseConv2dNativeBackpropInput',
        backend,
        inputs,
        attrs.inputShape,
        attrs,
      ),
    ({ inputs: { dy, filter } }) => areFloats(dy, filter),
  ),
  kernel<{ x: TensorInfo; dy: TensorInfo }, WindowAttrs & { filterShape: Shape4 }>(
    'DepthwiseConv2dNativeBackpropFilter',
    ({ inputs, attrs, backend }) =>
      filterGradient(
        depthwiseKind,
        'DepthwiseConv2dNativeBackpropFilter',
        backend,
        inputs,
        attrs.filterShape,
        attrs,
      ),
    ({ inputs: { x, dy } }) => areFloats(x, dy),
  ),
];
