import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { areFloats, kernel } from './kernel';

type Pad = 'same' | 'valid' | number | backend_util.ExplicitPadding;
type Pair = number | [number, number];
type Shape4 = [number, number, number, number];

/** Codes of `enum Activation` in gemm.h. */
const ACTIVATIONS: Record<string, number> = { linear: 0, relu: 1, relu6: 2 };

export const activationCode = (activation = 'linear'): number | undefined => ACTIVATIONS[activation];

interface ConvAttrs {
  strides: Pair;
  pad: Pad;
  dilations?: Pair;
  dataFormat: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const MAX_TAPS = 1024;

function info(x: readonly number[], filter: readonly number[], attrs: ConvAttrs): backend_util.Conv2DInfo {
  return backend_util.computeConv2DInfo(
    x as Shape4,
    filter as Shape4,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    false,
    backend_util.convertConv2DDataFormat(attrs.dataFormat ?? 'NHWC'),
  );
}

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

const isNhwc = (attrs: ConvAttrs, filter: readonly number[]) =>
  (attrs.dataFormat ?? 'NHWC') === 'NHWC' && filter[0]! * filter[1]! <= MAX_TAPS;

function forward(
  backend: XcpBackend,
  x: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | undefined,
  activation: number,
  attrs: ConvAttrs,
): TensorInfo {
  const conv = info(x.shape, filter.shape, attrs);
  const y = backend.output(conv.outShape, 'float32');
  backend.library.call(
    'conv2d',
    backend.address(x),
    backend.address(filter),
    bias ? backend.address(bias) : 0,
    backend.address(y),
    activation,
    ...geometry(conv),
  );
  return y;
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
  kernel<ConvInputs, ConvAttrs>(
    'Conv2D',
    ({ inputs: { x, filter }, attrs, backend }) => forward(backend, x, filter, undefined, 0, attrs),
    ({ inputs: { x, filter }, attrs }) => areFloats(x, filter) && isNhwc(attrs, filter.shape),
  ),
  kernel<FusedConvInputs, ConvAttrs & { activation?: string }>(
    'FusedConv2D',
    ({ inputs: { x, filter, bias }, attrs, backend }) =>
      forward(backend, x, filter, bias, activationCode(attrs.activation)!, attrs),
    ({ inputs: { x, filter, bias }, attrs }) =>
      areFloats(x, filter, bias) &&
      isNhwc(attrs, filter.shape) &&
      activationCode(attrs.activation) !== undefined &&
      (!bias || (bias.shape.length === 1 && bias.shape[0] === filter.shape[3])),
  ),
  kernel<{ dy: TensorInfo; filter: TensorInfo }, ConvAttrs & { inputShape: Shape4 }>(
    'Conv2DBackpropInput',
    ({ inputs: { dy, filter }, attrs, backend }) => {
      const dx = backend.output(attrs.inputShape, 'float32');
      backend.library.call(
        'conv2dInputGradient',
        backend.address(dy),
        backend.address(filter),
        backend.address(dx),
        ...geometry(info(attrs.inputShape, filter.shape, attrs)),
      );
      return dx;
    },
    ({ inputs: { dy, filter }, attrs }) => areFloats(dy, filter) && isNhwc(attrs, filter.shape),
  ),
  kernel<{ x: TensorInfo; dy: TensorInfo }, ConvAttrs & { filterShape: Shape4 }>(
    'Conv2DBackpropFilter',
    ({ inputs: { x, dy }, attrs, backend }) => {
      const df = backend.output(attrs.filterShape, 'float32');
      backend.library.call(
        'conv2dFilterGradient',
        backend.address(x),
        backend.address(dy),
        backend.address(df),
        ...geometry(info(x.shape, attrs.filterShape, attrs)),
      );
      return df;
    },
    ({ inputs: { x, dy }, attrs }) => areFloats(x, dy) && isNhwc(attrs, attrs.filterShape),
  ),
];
