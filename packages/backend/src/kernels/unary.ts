import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { areOf, kernel, sizeOf } from './kernel';

/** A native kernel for inputs of one dtype. */
interface Native {
  name: string;
  /** Dtype of the output; the input's by default. */
  output?: DataType;
}

/** Native kernels by the dtype of the input; other dtypes go to the fallback. */
type Natives = Partial<Record<DataType, Native>>;

const float = (name: string, output?: DataType): Natives => ({ float32: { name, output } });
const floatAndInt = (name: string): Natives => ({
  float32: { name },
  int32: { name: `${name}_int32` },
});

/** TensorFlow.js's kernels of one input, and ours (kernels/unary.cpp). */
const UNARY: Record<string, Natives> = {
  Elu: float('elu'),
  Selu: float('selu'),
  Neg: floatAndInt('negate'),
  Abs: floatAndInt('abs'),
  Sign: floatAndInt('sign'),
  Square: floatAndInt('square'),
  Reciprocal: float('reciprocal'),
  Floor: float('floor'),
  Ceil: float('ceil'),
  Round: float('round'),
  Sqrt: float('sqrt'),
  Rsqrt: float('rsqrt'),
  Exp: float('exp'),
  Expm1: float('expm1'),
  Log: float('log'),
  Log1p: float('log1p'),
  Sigmoid: float('sigmoid'),
  Softplus: float('softplus'),
  Erf: float('erf'),
  Sin: float('sin'),
  Cos: float('cos'),
  Tan: float('tan'),
  Asin: float('asin'),
  Acos: float('acos'),
  Atan: float('atan'),
  Sinh: float('sinh'),
  Cosh: float('cosh'),
  Tanh: float('tanh'),
  Asinh: float('asinh'),
  Acosh: float('acosh'),
  Atanh: float('atanh'),
  IsNan: float('is_nan', 'bool'),
  IsInf: float('is_inf', 'bool'),
  IsFinite: float('is_finite', 'bool'),
  LogicalNot: { bool: { name: 'logical_not' } },
};

/** Runs a native kernel of one input. */
export function runUnary(
  backend: XcpBackend,
  native: string,
  x: TensorInfo,
  output: DataType = x.dtype,
  ...attrs: number[]
): TensorInfo {
  const y = backend.output(x.shape, output);
  backend.library.call(native, backend.address(x), backend.address(y), sizeOf(x), ...attrs);
  return y;
}

const simple = Object.entries(UNARY).map(([name, natives]) =>
  kernel<{ x: TensorInfo }>(
    name,
    ({ inputs: { x }, backend }) => {
      const native = natives[x.dtype]!;
      return runUnary(backend, native.name, x, native.output);
    },
    ({ inputs: { x } }) => x.dtype in natives && sizeOf(x) > 0,
  ),
);

export const unaryKernels = [
  ...simple,
  kernel<{ x: TensorInfo }, { alpha: number }>(
    'Step',
    ({ inputs: { x }, attrs, backend }) => runUnary(backend, 'step', x, 'float32', attrs.alpha ?? 0),
    ({ inputs: { x } }) => areOf('float32', x),
  ),
  kernel<{ x: TensorInfo }, { alpha: number }>(
    'LeakyRelu',
    ({ inputs: { x }, attrs, backend }) => runUnary(backend, 'leaky_relu', x, 'float32', attrs.alpha),
    ({ inputs: { x } }) => areOf('float32', x),
  ),
  kernel<{ x: TensorInfo }, { clipValueMin: number; clipValueMax: number }>(
    'ClipByValue',
    ({ inputs: { x }, attrs: { clipValueMin, clipValueMax }, backend }) =>
      runUnary(backend, x.dtype === 'int32' ? 'clip_int32' : 'clip', x, x.dtype, clipValueMin, clipValueMax),
    ({ inputs: { x } }) => areOf('float32', x) || areOf('int32', x),
  ),
];
