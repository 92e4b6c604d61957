import * as tfl from '@tensorflow/tfjs-layers';
import { batchNormalization, reLU, separableConv2d } from '@xcp/layers';
import type { ResolvedXceptionConfig } from './config';
import { kernelInitializer } from './kernel-initializer';

/** A part of the network: makes its layers when it is made, and applies them as often as it is called. */
export type Part = (x: tfl.SymbolicTensor) => tfl.SymbolicTensor;

const part =
  (layer: tfl.layers.Layer): Part =>
  (x) =>
    layer.apply(x) as tfl.SymbolicTensor;

/** One part behind the other. */
export function sequence(...parts: Part[]): Part {
  return (x) => parts.reduce((y, next) => next(y), x);
}

/** The sum of two tensors of one shape: where a shortcut joins. */
export function add(name: string, a: tfl.SymbolicTensor, b: tfl.SymbolicTensor): tfl.SymbolicTensor {
  return tfl.layers.add({ name }).apply([a, b]) as tfl.SymbolicTensor;
}

export function relu(name: string): Part {
  return part(reLU({ name }));
}

/** A 3×3 separable convolution and its batch normalization. */
export function separableConvBn(c: ResolvedXceptionConfig, name: string, filters: number): Part {
  const conv = separableConv2d({
    name,
    filters: widened(c, filters),
    kernelSize: 3,
    padding: 'same',
    depthwiseInitializer: kernelInitializer(c, name, 'depthwise'),
    pointwiseInitializer: kernelInitializer(c, name, 'pointwise'),
  });
  return sequence(part(conv), bn(c, `${name}_bn`));
}

/** A 3×3 convolution of the stem and its batch normalization. */
export function stemConvBn(c: ResolvedXceptionConfig, name: string, index: 0 | 1): Part {
  const conv = tfl.layers.conv2d({
    name,
    filters: widened(c, c.stem.filters[index]),
    kernelSize: 3,
    strides: c.stem.strides[index],
    padding: c.stem.padding,
    useBias: false,
    kernelInitializer: kernelInitializer(c, name, 'conv'),
  });
  return sequence(part(conv), bn(c, `${name}_bn`));
}

/** The shortcut around a block that changes the shape: a 1×1 convolution and its batch normalization. */
export function residual(c: ResolvedXceptionConfig, block: string, filters: number, strides: number): Part {
  const name = `${block}_residual_conv`;
  const conv = tfl.layers.conv2d({
    name,
    filters: widened(c, filters),
    kernelSize: 1,
    strides,
    padding: 'same',
    useBias: false,
    kernelInitializer: kernelInitializer(c, name, 'pointwise'),
  });
  return sequence(part(conv), bn(c, `${block}_residual_bn`));
}

/** The 3×3 max pool that ends a block, or nothing where the block keeps its resolution. */
export function pool(block: string, strides: number): Part {
  if (strides === 1) return (x) => x;
  return part(tfl.layers.maxPooling2d({ name: `${block}_pool`, poolSize: 3, strides, padding: 'same' }));
}

function bn(c: ResolvedXceptionConfig, name: string): Part {
  return part(batchNormalization({ name, momentum: c.batchNormMomentum, epsilon: c.batchNormEpsilon }));
}

function widened({ width }: ResolvedXceptionConfig, filters: number): number {
  return width === 1 ? filters : Math.max(8, 8 * Math.round((filters * width) / 8));
}
