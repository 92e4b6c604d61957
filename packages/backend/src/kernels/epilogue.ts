import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { runBinary } from './binary';
import { areFloats, sizeOf, using } from './kernel';
import { runUnary } from './unary';

/** Codes of `enum Activation` in gemm.h: these can be applied while the result is still in registers. */
export const ACTIVATIONS = { linear: 0, relu: 1, relu6: 2 } as const;
export type FusedActivation = keyof typeof ACTIVATIONS;

const isFused = (activation: string): activation is FusedActivation => activation in ACTIVATIONS;

/** Those that run as a kernel of their own afterwards. */
const UNFUSED: Record<string, string> = {
  relu: 'relu',
  relu6: 'relu6',
  elu: 'elu',
  sigmoid: 'sigmoid',
  leakyrelu: 'leaky_relu',
};

/** What follows a matrix product or a convolution. */
export interface Epilogue {
  bias?: TensorInfo;
  activation?: string;
  leakyreluAlpha?: number;
  preluActivationWeights?: TensorInfo;
}

/** Whether `finish` can do what is asked. */
export const supportsEpilogue = ({
  bias,
  activation = 'linear',
  preluActivationWeights: weights,
}: Epilogue): boolean =>
  areFloats(bias) &&
  (isFused(activation) ||
    activation in UNFUSED ||
    (activation === 'prelu' && weights !== undefined && areFloats(weights)));

const isRow = (bias: TensorInfo, columns: number): boolean =>
  sizeOf(bias) === columns && bias.shape.at(-1) === columns;

/** What a kernel does of an epilogue: a bias of one value per column, then an activation. */
export interface Done {
  bias: TensorInfo | undefined;
  activation: FusedActivation;
}

/** What the kernels with an epilogue of their own can do; the rest is left to `finish`. */
export function fused({ bias, activation = 'linear' }: Epilogue, columns: number): Done {
  const row = bias && isRow(bias, columns) ? bias : undefined;
  return { bias: row, activation: bias === row && isFused(activation) ? activation : 'linear' };
}

/** Does what the kernel has not; `y` is used up. */
export function finish(
  backend: XcpBackend,
  y: TensorInfo,
  { bias, activation = 'linear', leakyreluAlpha = 0.2, preluActivationWeights }: Epilogue,
  done: Done,
): TensorInfo {
  const sum = bias && !done.bias ? using(backend, y, (t) => runBinary(backend, 'add', t, bias)) : y;
  if (activation === done.activation) return sum;
  return using(backend, sum, (t) =>
    activation === 'prelu'
      ? runBinary(backend, 'prelu', t, preluActivationWeights!)
      : runUnary(backend, UNFUSED[activation]!, t, 'float32', leakyreluAlpha),
  );
}
