import { mul, type TensorInfo, tidy, Variable } from '@tensorflow/tfjs-core';
import type { Gpu } from './gpu';

/**
 * Makes a variable the only owner of its data before a kernel updates it in place: a clone that somebody holds, or
 * the tensor that was given to `assign`, shares the data and must not change with it.
 */
export function detach(gpu: Gpu, target: TensorInfo): TensorInfo {
  if (gpu.refCount(target.dataId) <= 1) return target;
  if (!(target instanceof Variable)) {
    throw new Error('webgpu: a tensor that is updated in place must be a tf.Variable or own its data alone');
  }
  tidy(() => target.assign(mul(target, 1)));
  return target;
}
