import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { areFloats, kernel, sizeOf } from './kernel';
import { loopArgs, MAX_RANK, mergeAxes, stridesOf } from './strides';

/** Strides of an operand under the broadcast shape: 0 along axes that it lacks or has as 1. */
function broadcastStrides(shape: readonly number[], out: readonly number[]): number[] {
  const own = stridesOf(shape);
  const missing = out.length - shape.length;
  return out.map((_, axis) => (axis < missing || shape[axis - missing] === 1 ? 0 : own[axis - missing]!));
}

function binary(name: string, native: string) {
  return kernel<{ a: TensorInfo; b: TensorInfo }>(
    name,
    ({ inputs: { a, b }, backend }) => {
      const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
      const loop = mergeAxes({
        sizes: shape,
        strides: [broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape)],
      });
      const out = backend.output(shape, 'float32');
      backend.library.call(
        native,
        backend.address(a),
        backend.address(b),
        backend.address(out),
        ...loopArgs(loop),
      );
      return out;
    },
    ({ inputs: { a, b } }) => areFloats(a, b) && Math.max(a.shape.length, b.shape.length) <= MAX_RANK,
  );
}

export function runUnary(backend: XcpBackend, native: string, x: TensorInfo, ...attrs: number[]): TensorInfo {
  const y = backend.output(x.shape, 'float32');
  backend.library.call(native, backend.address(x), backend.address(y), sizeOf(x), ...attrs);
  return y;
}

const unary = (name: string, native: string) =>
  kernel<{ x: TensorInfo }>(
    name,
    ({ inputs: { x }, backend }) => runUnary(backend, native, x),
    ({ inputs: { x } }) => areFloats(x),
  );

export const elementwiseKernels = [
  binary('Add', 'add'),
  binary('Sub', 'subtract'),
  binary('Multiply', 'multiply'),
  binary('RealDiv', 'divide'),
  binary('SquaredDifference', 'squaredDifference'),
  unary('Relu', 'relu'),
  unary('Relu6', 'relu6'),
  unary('Neg', 'negate'),
  unary('Square', 'square'),
  unary('Exp', 'exp'),
  unary('Log', 'log'),
  unary('Sqrt', 'sqrt'),
  unary('Rsqrt', 'rsqrt'),
  unary('Abs', 'abs'),
  kernel<{ x: TensorInfo }, { alpha: number }>(
    'Step',
    ({ inputs: { x }, attrs, backend }) => runUnary(backend, 'step', x, attrs.alpha ?? 0),
    ({ inputs: { x } }) => areFloats(x),
  ),
  kernel<{ dy: TensorInfo; y: TensorInfo }>('XcpReluGrad', ({ inputs: { dy, y }, backend }) => {
    if (!areFloats(dy, y) || sizeOf(dy) !== sizeOf(y)) {
      throw new Error(
        `XcpReluGrad: \`dy\` and \`y\` must be float32 of one shape, received [${dy.shape}] and [${y.shape}]`,
      );
    }
    const dx = backend.output(y.shape, 'float32');
    backend.library.call(
      'reluGradient',
      backend.address(dy),
      backend.address(y),
      backend.address(dx),
      sizeOf(y),
    );
    return dx;
  }),
  kernel<TensorInfo[]>(
    'AddN',
    ({ inputs, backend }) => {
      const out = backend.output(inputs[0]!.shape, 'float32');
      const addresses = [...inputs, out].map((t) => backend.address(t));
      backend.library.callWith('addN', [inputs.length, ...addresses, sizeOf(out)]);
      return out;
    },
    ({ inputs }) => areFloats(...inputs),
  ),
];
