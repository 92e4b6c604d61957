import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { axisOf } from './axes';
import { bytesOf, isPlain, KINDS } from './copy';
import { areFloats, areOf, kernel, sizeOf } from './kernel';

const indicesOf = (backend: XcpBackend, indices: TensorInfo): Int32Array =>
  backend.readSync(indices.dataId) as Int32Array;

/** x seen as [batch, outer, dimension, slice], out as [batch, outer, count, slice]. */
interface Gather {
  batch: number;
  outer: number;
  dimension: number;
  count: number;
  slice: number;
}

function gather(
  backend: XcpBackend,
  x: TensorInfo,
  indices: TensorInfo,
  shape: readonly number[],
  { batch, outer, dimension, count, slice }: Gather,
): TensorInfo {
  const out = backend.output(shape, x.dtype);
  const addresses = [x, indices, out].map((t) => backend.address(t));
  backend.library.call('gather', ...addresses, batch, outer, dimension, count, slice * bytesOf(x.dtype));
  return out;
}

export const gatherKernels = [
  kernel<{ x: TensorInfo; indices: TensorInfo }, { axis: number; batchDims?: number }>(
    'GatherV2',
    ({ inputs: { x, indices }, attrs, backend }) => {
      const axis = axisOf(attrs.axis, x.shape);
      const dimension = x.shape[axis]!;
      for (const index of indicesOf(backend, indices)) {
        util.assert(
          index >= 0 && index < dimension,
          () => `GatherV2: the index value ${index} is not in [0, ${dimension - 1}]`,
        );
      }
      const info = backend_util.segment_util.collectGatherOpShapeInfo(
        x as never,
        indices as never,
        axis,
        attrs.batchDims ?? 0,
      );
      return gather(backend, x, indices, info.outputShape, {
        batch: info.batchSize,
        outer: info.outerSize,
        dimension,
        count: sizeOf(indices) / info.batchSize,
        slice: info.sliceSize,
      });
    },
    ({ inputs: { x, indices } }) => isPlain(x) && areOf('int32', indices),
  ),
  kernel<{ params: TensorInfo; indices: TensorInfo }>(
    'GatherNd',
    ({ inputs: { params, indices }, backend }) => {
      const [shape, count, slice, strides] = backend_util.prepareAndValidate(params, indices);
      const rank = indices.shape.at(-1)!;
      const values = indicesOf(backend, indices);
      // One number for each index, which may have several coordinates.
      const flat = new Int32Array(count);
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < rank; j++) {
          const index = values[i * rank + j]!;
          util.assert(
            index >= 0 && index < params.shape[j]!,
            () => `xcp backend: gatherND: index ${index} of axis ${j} leaves the shape [${params.shape}]`,
          );
          flat[i]! += index * strides[j]!;
        }
      }
      const offsets = backend.fromValues([count], 'int32', flat);
      const dimension = sizeOf(params) / slice;
      const out = gather(backend, params, offsets, shape, { batch: 1, outer: 1, dimension, count, slice });
      backend.disposeData(offsets.dataId);
      return out;
    },
    ({ inputs: { params, indices } }) =>
      isPlain(params) && areOf('int32', indices) && indices.shape.length > 0,
  ),
  kernel<{ x: TensorInfo; segmentIds: TensorInfo }, { numSegments: number }>(
    'UnsortedSegmentSum',
    ({ inputs: { x, segmentIds }, attrs: { numSegments }, backend }) => {
      const out = backend.output([numSegments, ...x.shape.slice(1)], 'float32');
      const rows = x.shape[0]!;
      const addresses = [x, segmentIds, out].map((t) => backend.address(t));
      backend.library.call('segmentSum', ...addresses, rows, sizeOf(x) / rows, numSegments);
      return out;
    },
    ({ inputs: { x, segmentIds }, attrs: { numSegments } }) => {
      // Before the fallback sees it, which counts up to it.
      util.assert(
        Number.isInteger(numSegments) && numSegments >= 0 && numSegments < 2 ** 31,
        () =>
          `xcp backend: unsortedSegmentSum: \`numSegments\` must be a whole number from 0, received ${numSegments}`,
      );
      return (
        areFloats(x) &&
        areOf('int32', segmentIds) &&
        segmentIds.shape.length === 1 &&
        segmentIds.shape[0] === x.shape[0] &&
        numSegments > 0
      );
    },
  ),
  kernel<{ condition: TensorInfo; t: TensorInfo; e: TensorInfo }>(
    'Select',
    ({ inputs: { condition, t, e }, backend }) => {
      const out = backend.output(t.shape, t.dtype);
      const rows = sizeOf(condition);
      const addresses = [condition, t, e, out].map((tensor) => backend.address(tensor));
      backend.library.call('select', ...addresses, rows, sizeOf(t) / rows, bytesOf(t.dtype));
      return out;
    },
    ({ inputs: { condition, t, e } }) =>
      areOf('bool', condition) &&
      t.dtype in KINDS &&
      areOf(t.dtype, t, e) &&
      util.arraysEqual(t.shape, e.shape) &&
      (util.arraysEqual(condition.shape, t.shape) ||
        (condition.shape.length === 1 && condition.shape[0] === t.shape[0])),
  ),
];
