import type { TensorInfo } from '@tensorflow/tfjs-core';
import { conv2d, dense } from './conv';
import { filterGradient, inputGradient } from './convolution';
import { depthwise, depthwiseKind } from './depthwise';
import type { Shape4, WindowAttrs } from './geometry';
import { areFloats, kernel } from './kernel';

interface Inputs {
  x: TensorInfo;
  /** [height, width, channels, multiplier] */
  depthwiseFilter: TensorInfo;
  /** [1, 1, channels · multiplier, filters] */
  pointwiseFilter: TensorInfo;
}

interface GradientInputs extends Inputs {
  /** What the depthwise convolution gave. */
  z: TensorInfo;
  dy: TensorInfo;
}

type Attrs = Pick<WindowAttrs, 'strides' | 'pad' | 'dilations'>;

const mixing: WindowAttrs = { strides: 1, pad: 'valid' };
const shapeOf = (t: TensorInfo) => t.shape as Shape4;

/** A depthwise separable convolution as one op: TensorFlow.js keeps books for two kernels instead of six. */
export const separableConvKernels = [
  kernel<Inputs, Attrs>(
    'XcpSeparableConv2D',
    ({ inputs: { x, depthwiseFilter, pointwiseFilter }, attrs, backend }) => {
      const name = 'XcpSeparableConv2D';
      const z = depthwise(name, backend, { x, filter: depthwiseFilter }, attrs);
      return [conv2d(name, backend, { x: z, filter: pointwiseFilter }, mixing), z];
    },
    ({ inputs: { x, depthwiseFilter, pointwiseFilter } }) => areFloats(x, depthwiseFilter, pointwiseFilter),
  ),
  kernel<GradientInputs, Attrs>(
    'XcpSeparableConv2DGrad',
    ({ inputs: { x, depthwiseFilter, pointwiseFilter, z, dy }, attrs, backend }) => {
      const name = 'XcpSeparableConv2DGrad';
      const dPointwise = filterGradient(dense, name, backend, { x: z, dy }, shapeOf(pointwiseFilter), mixing);
      const dz = inputGradient(dense, name, backend, { dy, filter: pointwiseFilter }, shapeOf(z), mixing);
      const into = { dy: dz, filter: depthwiseFilter };
      const dDepthwise = filterGradient(
        depthwiseKind,
        name,
        backend,
        { x, dy: dz },
        shapeOf(depthwiseFilter),
        attrs,
      );
      const dx = inputGradient(depthwiseKind, name, backend, into, shapeOf(x), attrs);
      backend.disposeData(dz.dataId);
      return [dx, dDepthwise, dPointwise];
    },
    ({ inputs: { x, depthwiseFilter, pointwiseFilter, z, dy } }) =>
      areFloats(x, depthwiseFilter, pointwiseFilter, z, dy),
  ),
];
