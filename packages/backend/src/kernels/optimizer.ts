import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { detach } from './detach';
import { areFloats, kernel, sizeOf } from './kernel';

/** Cuts the inputs into `parts` lists of equal length: parameters, gradients, slots…; all but gradients are written. */
function partition(
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

interface UpdateAttrs {
  learningRate: number;
  /** One per parameter. */
  weightDecay: number[];
}

function update(
  kernelName: string,
  native: string,
  backend: XcpBackend,
  inputs: TensorInfo[],
  parts: number,
  weightDecay: number[],
  numbers: number[],
): TensorInfo[] {
  const lists = partition(kernelName, backend, inputs, parts);
  const parameters = lists[0]!;
  if (weightDecay.length !== parameters.length) {
    throw new Error(
      `${kernelName}: \`weightDecay\` must have one value for each of ${parameters.length} parameters, received ${weightDecay.length}`,
    );
  }
  backend.library.callWith(native, [
    ...numbers,
    parameters.length,
    ...lists.flat().map((tensor) => backend.address(tensor)),
    ...parameters.map(sizeOf),
    ...weightDecay,
  ]);
  return [];
}

export const optimizerKernels = [
  kernel<TensorInfo[], UpdateAttrs & { momentum: number; nesterov: boolean }>(
    'XcpSgdUpdate',
    ({ inputs, attrs, backend }) =>
      update('XcpSgdUpdate', 'sgdUpdate', backend, inputs, 3, attrs.weightDecay, [
        attrs.learningRate,
        attrs.momentum,
        Number(attrs.nesterov),
      ]),
  ),
  kernel<TensorInfo[], UpdateAttrs & { beta1: number; beta2: number; epsilon: number; step: number }>(
    'XcpAdamUpdate',
    ({ inputs, attrs, backend }) => {
      if (!Number.isInteger(attrs.step) || attrs.step < 1) {
        throw new Error(`XcpAdamUpdate: \`step\` must be a whole number from 1, received ${attrs.step}`);
      }
      return update('XcpAdamUpdate', 'adamUpdate', backend, inputs, 4, attrs.weightDecay, [
        attrs.learningRate,
        attrs.beta1,
        attrs.beta2,
        attrs.epsilon,
        attrs.step,
      ]);
    },
  ),
];
