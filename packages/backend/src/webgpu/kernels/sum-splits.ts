import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Gpu } from '../gpu';
import { forEachElement, groupsFor, runShader } from '../run-shader';
import { sizeOf } from './kernel';

const shader = {
  name: 'sumSplits',
  buffers: { parts: 'read', total: 'read_write' },
  uniforms: { size: 'u32', splits: 'u32' },
  code: forEachElement(`
    var sum = 0.0;
    for (var s = 0u; s < u.splits; s++) { sum += parts[s * u.size + i]; }
    total[i] = sum;`),
} as const;

/**
 * Has `compute` fill parts of a sum, [splits, …shape], and adds them up in their order, so that the result is the same
 * every time. A single part is the result.
 */
export function sumOfSplits(
  gpu: Gpu,
  shape: number[],
  splits: number,
  compute: (parts: TensorInfo) => void,
): TensorInfo {
  const total = gpu.makeTensorInfo(shape, 'float32');
  if (splits === 1) {
    compute(total);
    return total;
  }
  const parts = gpu.makeTensorInfo([splits, ...shape], 'float32');
  compute(parts);
  const size = sizeOf(total);
  runShader(gpu, shader, { parts, total }, { size, splits }, groupsFor(size));
  gpu.disposeData(parts.dataId);
  return total;
}
