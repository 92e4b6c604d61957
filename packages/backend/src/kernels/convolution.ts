import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { checkGradient, convGeometry, type Shape4, type WindowAttrs } from './geometry';

/** A kind of convolution: the stem of its native kernels' names, and the geometry that they take. */
export interface Convolution {
  native: 'conv2d' | 'depthwise';
  geometry(c: backend_util.Conv2DInfo): number[];
}

/** The end of every convolution's geometry: the window and how it moves. */
export const windowArgs = (c: backend_util.Conv2DInfo): number[] => [
  c.filterHeight,
  c.filterWidth,
  c.strideHeight,
  c.strideWidth,
  c.dilationHeight,
  c.dilationWidth,
  c.padInfo.top,
  c.padInfo.left,
];

/** dx of a convolution of an input of that shape. */
export function inputGradient(
  { native, geometry }: Convolution,
  kernelName: string,
  backend: XcpBackend,
  { dy, filter }: { dy: TensorInfo; filter: TensorInfo },
  inputShape: Shape4,
  attrs: WindowAttrs,
): TensorInfo {
  const conv = convGeometry(kernelName, inputShape, filter.shape, attrs, native === 'depthwise');
  checkGradient(kernelName, dy, conv.outShape);
  const dx = backend.output(inputShape, 'float32');
  const addresses = [dy, filter, dx].map((t) => backend.address(t));
  backend.library.call(`${native}InputGradient`, ...addresses, ...geometry(conv));
  return dx;
}

/** The gradient of a convolution's filter of that shape. */
export function filterGradient(
  { native, geometry }: Convolution,
  kernelName: string,
  backend: XcpBackend,
  { x, dy }: { x: TensorInfo; dy: TensorInfo },
  filterShape: Shape4,
  attrs: WindowAttrs,
): TensorInfo {
  const conv = convGeometry(kernelName, x.shape, filterShape, attrs, native === 'depthwise');
  checkGradient(kernelName, dy, conv.outShape);
  const df = backend.output(filterShape, 'float32');
  const addresses = [x, dy, df].map((t) => backend.address(t));
  backend.library.call(`${native}FilterGradient`, ...addresses, ...geometry(conv));
  return df;
}
