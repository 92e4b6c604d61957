import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { kernel, sizeOf } from './kernel';
import { checkPerParameter, partition } from './parameter-lists';

interface UpdateAttrs {
  /** One per parameter. */
  learningRate: number[];
  /** One per parameter. */
  weightDecay: number[];
  /** Whether a weight is multiplied by 1 − learningRate · weightDecay, rather than decay being in the gradient. */
  decoupled: boolean;
}

function update(
  kernelName: string,
  native: string,
  backend: XcpBackend,
  inputs: TensorInfo[],
  parts: number,
  attrs: UpdateAttrs,
  numbers: number[],
): TensorInfo[] {
  const lists = partition(kernelName, backend, inputs, parts);
  const parameters = lists[0]!;
  checkPerParameter(kernelName, attrs, parameters);
  backend.library.callWith(native, [
    ...numbers,
    Number(attrs.decoupled),
    parameters.length,
    ...lists.flat().map((tensor) => backend.address(tensor)),
    ...parameters.map(sizeOf),
    ...attrs.learningRate,
    ...attrs.weightDecay,
  ]);
  return [];
}

export const optimizerKernels = [
  kernel<TensorInfo[], UpdateAttrs & { momentum: number; nesterov: boolean }>(
    'XcpSgdUpdate',
    ({ inputs, attrs, backend }) =>
      update('XcpSgdUpdate', 'sgdUpdate', backend, inputs, 3, attrs, [
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
      return update('XcpAdamUpdate', 'adamUpdate', backend, inputs, 4, attrs, [
        attrs.beta1,
        attrs.beta2,
        attrs.epsilon,
        attrs.step,
      ]);
    },
  ),
  kernel<
    TensorInfo[],
    UpdateAttrs & { rho: number; momentum: number; epsilon: number; epsilonInRoot: boolean }
  >('XcpRmspropUpdate', ({ inputs, attrs, backend }) =>
    update('XcpRmspropUpdate', 'rmspropUpdate', backend, inputs, 4, attrs, [
      attrs.rho,
      attrs.momentum,
      attrs.epsilon,
      Number(attrs.epsilonInRoot),
    ]),
  ),
  kernel<TensorInfo[], { decay: number }>('XcpEmaUpdate', ({ inputs, attrs: { decay }, backend }) => {
    if (!(decay >= 0 && decay <= 1)) {
      throw new Error(`XcpEmaUpdate: \`decay\` must be from 0 to 1, received ${decay}`);
    }
    const [averages, values] = partition('XcpEmaUpdate', backend, inputs, 2) as [TensorInfo[], TensorInfo[]];
    const addresses = [...averages, ...values].map((tensor) => backend.address(tensor));
    backend.library.callWith('emaUpdate', [decay, averages.length, ...addresses, ...averages.map(sizeOf)]);
    return [];
  }),
];
