import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { kernel, sizeOf } from './kernel';
import { checkPerParameter, partition } from './parameter-lists';

interface MuonAttrs {
  momentum: number;
  nesterov: boolean;
  /** Iterations of Newton and Schulz. */
  newtonSchulzSteps: number;
  /** One per parameter. */
  learningRate: number[];
  /** One per parameter, decoupled: a weight is multiplied by 1 − learningRate · weightDecay. */
  weightDecay: number[];
}

const NAME = 'XcpMuonUpdate';

/** A kernel as a matrix: what an output reads, and the outputs. */
function matrixOf({ shape }: TensorInfo): { rows: number; columns: number } {
  const columns = shape.at(-1) ?? 1;
  return { rows: shape.reduce((product, n) => product * n, 1) / columns, columns };
}

/** Where every parameter goes, before its learning rate: tensors to be freed. */
function directions(
  backend: XcpBackend,
  [parameters, gradients, velocities]: TensorInfo[][],
  { momentum, nesterov, newtonSchulzSteps }: MuonAttrs,
): TensorInfo[] {
  return parameters!.map((parameter, i) => {
    const { rows, columns } = matrixOf(parameter);
    const direction = backend.output(parameter.shape, 'float32');
    backend.library.call(
      'muonDirection',
      momentum,
      Number(nesterov),
      newtonSchulzSteps,
      rows,
      columns,
      backend.address(gradients![i]!),
      backend.address(velocities![i]!),
      backend.address(direction),
    );
    return direction;
  });
}

export const muonKernels = [
  kernel<TensorInfo[], MuonAttrs>(NAME, ({ inputs, attrs, backend }) => {
    const lists = partition(NAME, backend, inputs, 3);
    const parameters = lists[0]!;
    checkPerParameter(NAME, attrs, parameters);
    const { momentum, newtonSchulzSteps, learningRate, weightDecay } = attrs;
    if (!Number.isInteger(newtonSchulzSteps) || newtonSchulzSteps < 1 || newtonSchulzSteps > 99) {
      throw new Error(
        `${NAME}: \`newtonSchulzSteps\` must be a whole number from 1 to 99, received ${newtonSchulzSteps}`,
      );
    }
    const moves = directions(backend, lists, attrs);
    backend.library.callWith('muonUpdate', [
      momentum,
      parameters.length,
      ...[...lists.flat(), ...moves].map((tensor) => backend.address(tensor)),
      ...parameters.map(sizeOf),
      ...parameters.map((parameter, i) => {
        const { rows, columns } = matrixOf(parameter);
        return learningRate[i]! * Math.sqrt(Math.max(1, columns / rows));
      }),
      ...learningRate.map((rate, i) => 1 - rate * weightDecay[i]!),
    ]);
    for (const { dataId } of moves) backend.disposeData(dataId);
    return [];
  }),
];
