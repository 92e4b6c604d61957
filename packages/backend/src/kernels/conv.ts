import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { ConvPlan } from './conv-plan';
import { type Convolution, filterGradient, inputGradient, windowArgs } from './convolution';
import { type Epilogue, finish, fused, supportsEpilogue } from './epilogue';
import { convGeometry, type Shape4, type WindowAttrs } from './geometry';
import { areFloats, kernel } from './kernel';

/** The most positions of a filter that the input gradient's kernel can list (`InputPhase` in conv.cpp). */
const MAX_TAPS = 1024;

/** A dense convolution. */
export const dense: Convolution = {
  native: 'conv2d',
  geometry: (c) => [
    ...[c.batchSize, c.inHeight, c.inWidth, c.inChannels, c.outHeight, c.outWidth, c.outChannels],
    ...windowArgs(c),
  ],
};

const isNhwc = (attrs: WindowAttrs, filter: readonly number[]) =>
  (attrs.dataFormat ?? 'NHWC') === 'NHWC' && filter[0]! * filter[1]! <= MAX_TAPS;

interface ConvInputs {
  x: TensorInfo;
  filter: TensorInfo;
}

interface FusedConvInputs extends ConvInputs {
  bias?: TensorInfo;
  preluActivationWeights?: TensorInfo;
}

/** A transposed convolution whose input is larger than its output calls for: TensorFlow.js leaves the rest unread. */
function isLarger(dy: TensorInfo, filter: TensorInfo, attrs: WindowAttrs & { inputShape: Shape4 }): boolean {
  const { outShape } = convGeometry('Conv2DBackpropInput', attrs.inputShape, filter.shape, attrs);
  const [, height, width] = dy.shape as Shape4;
  const covers = height >= outShape[1] && width >= outShape[2];
  return covers && (height > outShape[1] || width > outShape[2]);
}

/** y of a dense convolution with what is fused onto it. */
export function conv2d(
  kernelName: string,
  backend: XcpBackend,
  { x, filter }: ConvInputs,
  attrs: WindowAttrs,
  epilogue: Epilogue = {},
): TensorInfo {
  const conv = convGeometry(kernelName, x.shape, filter.shape, attrs);
  if (conv.outShape.includes(0)) return backend.output(conv.outShape, 'float32');
  const done = fused(epilogue, conv.outChannels);
  const { bias, activation } = done;
  const plan = new ConvPlan({ x, filter, bias }, dense.geometry(conv), { activation });
  return finish(backend, backend.outputLater(conv.outShape, plan), epilogue, done);
}

export const convKernels = [
  kernel<ConvInputs, WindowAttrs>(
    'Conv2D',
    ({ inputs, attrs, backend }) => conv2d('Conv2D', backend, inputs, attrs),
    ({ inputs: { x, filter }, attrs }) => areFloats(x, filter) && isNhwc(attrs, filter.shape),
  ),
  kernel<FusedConvInputs, WindowAttrs & { activation?: string; leakyreluAlpha?: number }>(
    'FusedConv2D',
    ({ inputs, attrs, backend }) => conv2d('FusedConv2D', backend, inputs, attrs, { ...inputs, ...attrs }),
    ({ inputs: { x, filter, bias, preluActivationWeights }, attrs }) =>
      areFloats(x, filter) &&
      isNhwc(attrs, filter.shape) &&
      supportsEpilogue({ ...attrs, bias, preluActivationWeights }),
  ),
  kernel<{ dy: TensorInfo; filter: TensorInfo }, WindowAttrs & { inputShape: Shape4 }>(
    'Conv2DBackpropInput',
    ({ inputs, attrs, backend }) =>
      inputGradient(dense, 'Conv2DBackpropInput', backend, inputs, attrs.inputShape, attrs),
    ({ inputs: { dy, filter }, attrs }) =>
      areFloats(dy, filter) && isNhwc(attrs, filter.shape) && !isLarger(dy, filter, attrs),
  ),
  kernel<{ x: TensorInfo; dy: TensorInfo }, WindowAttrs & { filterShape: Shape4 }>(
    'Conv2DBackpropFilter',
    ({ inputs, attrs, backend }) =>
      filterGradient(dense, 'Conv2DBackpropFilter', backend, inputs, attrs.filterShape, attrs),
    ({ inputs: { x, dy }, attrs }) => areFloats(x, dy) && isNhwc(attrs, attrs.filterShape),
  ),
];
