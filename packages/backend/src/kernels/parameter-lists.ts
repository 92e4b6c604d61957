import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { detach } from './detach';
import { areFloats, sizeOf } from './kernel';

/** Cuts the inputs into `parts` lists of equal length: what is updated, what moves it, slots…; all but the second are written. */
export function partition(
  kernelName: string,
  backend: XcpBackend,
  inputs: TensorInfo[],
  parts: number,
): TensorInfo[][] {
  const count = inputs.length / parts;
  const lists = Array.from({ length: parts }, (_, i) => inputs.slice(i * count, (i + 1) * count));
  const [parameters] = lists as [TensorInfo[]];
  for (const list of lists) {
    list.forEach((tensor, i) => {
      const parameter = parameters[i];
      if (!parameter || !areFloats(tensor) || sizeOf(tensor) !== sizeOf(parameter)) {
        throw new Error(
          `${kernelName}: inputs must be ${parts} lists of float32 tensors of the same shapes, received ` +
            `${tensor.dtype} [${tensor.shape}] for parameter ${i} of shape [${parameter?.shape}]`,
        );
      }
    });
  }
  return lists.map((list, i) => (i === 1 ? list : list.map((tensor) => detach(backend, tensor))));
}

/** Throws unless what goes with each parameter is there for all of them. */
export function checkPerParameter(
  kernelName: string,
  attrs: { learningRate: number[]; weightDecay: number[] },
  parameters: TensorInfo[],
): void {
  for (const key of ['learningRate', 'weightDecay'] as const) {
    if (Array.isArray(attrs[key]) && attrs[key].length === parameters.length) continue;
    throw new Error(
      `${kernelName}: \`${key}\` must be a list with one value for each of ${parameters.length} parameters, ` +
        `received ${JSON.stringify(attrs[key])}`,
    );
  }
}
