import { type TensorInfo, tensor, Variable } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';

/**
 * Makes a variable the only owner of its data before a kernel updates it in place: a clone that somebody holds, or
 * the tensor that was given to `assign`, shares the data and must not change with it.
 */
export function detach(backend: XcpBackend, target: TensorInfo): TensorInfo {
  if (!backend.isAlone(target)) replace(backend, target);
  backend.changes(target);
  return target;
}

/** Gives a variable a copy of its data. */
function replace(backend: XcpBackend, target: TensorInfo): void {
  if (!(target instanceof Variable)) {
    throw new Error(
      'xcp backend: a tensor that is updated in place must be a tf.Variable or own its data alone',
    );
  }
  const values = backend.readSync(target.dataId) as Float32Array;
  const copy = tensor(values, target.shape, target.dtype);
  target.assign(copy);
  copy.dispose();
}
