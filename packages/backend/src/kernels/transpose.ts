import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { isPlain, sliced, transposed } from './copy';
import { kernel, sizeOf, using } from './kernel';
import { padConstant } from './pad';
import { MAX_RANK } from './strides';

const isPermutation = (perm: readonly number[], rank: number): boolean =>
  perm.length === rank && [...perm].sort((a, b) => a - b).every((axis, i) => axis === i);

/** Whether blocks of these sizes cut the axes after the first into whole pieces. */
const areBlocks = (x: TensorInfo, blockShape: readonly number[]): boolean =>
  isPlain(x) &&
  blockShape.length > 0 &&
  x.shape.length + blockShape.length <= MAX_RANK &&
  x.shape.length > blockShape.length &&
  blockShape.every((n) => Number.isInteger(n) && n > 0);

const isWhole = (n: number) => Number.isInteger(n) && n >= 0;

export const transposeKernels = [
  kernel<{ x: TensorInfo }, { perm: number[] }>(
    'Transpose',
    ({ inputs: { x }, attrs: { perm }, backend }) => transposed(backend, x, perm),
    ({ inputs: { x }, attrs: { perm } }) => isPlain(x) && isPermutation(perm, x.shape.length),
  ),
  kernel<{ x: TensorInfo }, { blockSize: number; dataFormat: string }>(
    'DepthToSpace',
    ({ inputs: { x }, attrs: { blockSize: block }, backend }) => {
      const [n, height, width, depth] = x.shape as [number, number, number, number];
      const channels = depth / (block * block);
      const split = { dataId: x.dataId, dtype: x.dtype, shape: [n, height, width, block, block, channels] };
      const shape = [n, height * block, width * block, channels];
      return using(backend, transposed(backend, split, [0, 1, 3, 2, 4, 5]), (t) => backend.share(t, shape));
    },
    ({ inputs: { x }, attrs: { blockSize, dataFormat } }) =>
      isPlain(x) &&
      x.shape.length === 4 &&
      dataFormat === 'NHWC' &&
      Number.isInteger(blockSize) &&
      blockSize > 0 &&
      x.shape[3]! % (blockSize * blockSize) === 0,
  ),
  kernel<{ x: TensorInfo }, { blockShape: number[]; paddings: [number, number][] }>(
    'SpaceToBatchND',
    ({ inputs: { x }, attrs: { blockShape, paddings }, backend }) => {
      const rest = x.shape.slice(1 + blockShape.length).map((): [number, number] => [0, 0]);
      const prod = util.sizeFromShape(blockShape);
      return using(backend, padConstant(backend, x, [[0, 0], ...paddings, ...rest], 0), (padded) => {
        const shape = backend_util.getReshaped(padded.shape, blockShape, prod, false);
        const perm = backend_util.getPermuted(shape.length, blockShape.length, false);
        const out = backend_util.getReshapedPermuted(padded.shape, blockShape, prod, false);
        return using(backend, transposed(backend, { ...padded, shape }, perm), (t) => backend.share(t, out));
      });
    },
    ({ inputs: { x }, attrs: { blockShape, paddings } }) =>
      areBlocks(x, blockShape) &&
      paddings.length === blockShape.length &&
      paddings.flat().every(isWhole) &&
      blockShape.every((n, i) => (x.shape[i + 1]! + paddings[i]![0] + paddings[i]![1]) % n === 0),
  ),
  kernel<{ x: TensorInfo }, { blockShape: number[]; crops: [number, number][] }>(
    'BatchToSpaceND',
    ({ inputs: { x }, attrs: { blockShape, crops }, backend }) => {
      const prod = util.sizeFromShape(blockShape);
      const shape = backend_util.getReshaped(x.shape, blockShape, prod);
      const perm = backend_util.getPermuted(shape.length, blockShape.length);
      const joined = backend_util.getReshapedPermuted(x.shape, blockShape, prod);
      const rest = joined.slice(1 + blockShape.length);
      const begin = [0, ...crops.map(([before]) => before), ...rest.map(() => 0)];
      const size = joined.map((n, axis) => n - (crops[axis - 1]?.[0] ?? 0) - (crops[axis - 1]?.[1] ?? 0));
      const split = { dataId: x.dataId, dtype: x.dtype, shape };
      return using(backend, transposed(backend, split, perm), (t) =>
        sliced(backend, { ...t, shape: joined }, begin, size),
      );
    },
    ({ inputs: { x }, attrs: { blockShape, crops } }) =>
      areBlocks(x, blockShape) &&
      crops.length === blockShape.length &&
      crops.flat().every(isWhole) &&
      x.shape[0]! % util.sizeFromShape(blockShape) === 0 &&
      sizeOf(x) > 0,
  ),
];
