import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { kernel, sizeOf } from './kernel';

/** Kernels that give the same values another shape: the memory is shared. */
export const shapeKernels = [
  kernel<{ x: TensorInfo }>('Identity', ({ inputs: { x }, backend }) => backend.share(x, x.shape)),
  kernel<{ x: TensorInfo }, { shape: number[] }>('Reshape', ({ inputs: { x }, attrs, backend }) => {
    const shape = util.inferFromImplicitShape(attrs.shape, sizeOf(x));
    util.assert(
      util.sizeFromShape(shape) === sizeOf(x) && shape.every((size) => Number.isInteger(size) && size >= 0),
      () => `xcp backend: reshape: cannot give [${x.shape}] the shape [${attrs.shape}]`,
    );
    return backend.share(x, shape);
  }),
  kernel<{ input: TensorInfo }, { dim: number }>('ExpandDims', ({ inputs: { input }, attrs, backend }) => {
    const rank = input.shape.length;
    util.assert(
      Number.isInteger(attrs.dim) && attrs.dim >= -(rank + 1) && attrs.dim <= rank,
      () => `xcp backend: expandDims: \`axis\` must lie in [${-(rank + 1)}, ${rank}], received ${attrs.dim}`,
    );
    const shape = [...input.shape];
    shape.splice(attrs.dim < 0 ? rank + attrs.dim + 1 : attrs.dim, 0, 1);
    return backend.share(input, shape);
  }),
];
