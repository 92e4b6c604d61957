import { type backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { checkGradient, type Pair, poolGeometry, type WindowAttrs } from './geometry';
import { areFloats, kernel } from './kernel';

type PoolAttrs = WindowAttrs & { filterSize: Pair };

const geometry = (p: backend_util.Conv2DInfo): number[] => [
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

const pool = (name: string, average: 0 | 1) =>
  kernel<{ x: TensorInfo }, PoolAttrs>(
    name,
    ({ inputs: { x }, attrs, backend }) => {
      const p = poolGeometry(name, x.shape, attrs);
      // As TensorFlow.js has it, whatever the strides and paddings are.
      const isIdentity = p.filterHeight === 1 && p.filterWidth === 1 && util.arraysEqual(x.shape, p.outShape);
      if (isIdentity) return backend.share(x, x.shape);
      const y = backend.output(p.outShape, 'float32');
      if (p.outShape.includes(0)) return y;
      backend.library.call('pool', backend.address(x), backend.address(y), average, ...geometry(p));
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
      const p = poolGeometry('MaxPoolGrad', input.shape, attrs);
      checkGradient('MaxPoolGrad', dy, p.outShape);
      const dx = backend.output(input.shape, 'float32');
      const addresses = [dy, input, dx].map((t) => backend.address(t));
      backend.library.call('maxPoolGradient', ...addresses, ...geometry(p));
      return dx;
    },
    ({ inputs: { dy, input } }) => areFloats(dy, input),
  ),
  kernel<{ dy: TensorInfo; input: TensorInfo }, PoolAttrs>(
    'AvgPoolGrad',
    ({ inputs: { dy, input }, attrs, backend }) => {
      const p = poolGeometry('AvgPoolGrad', input.shape, attrs);
      checkGradient('AvgPoolGrad', dy, p.outShape);
      const dx = backend.output(input.shape, 'float32');
      const addresses = [dy, dx].map((t) => backend.address(t));
      backend.library.call('avgPoolGradient', ...addresses, ...geometry(p));
      return dx;
    },
    ({ inputs: { dy, input } }) => areFloats(dy, input),
  ),
];
