import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { Plan } from '../plan';
import { ConvPlan } from './conv-plan';
import { kernel, sizeOf } from './kernel';
import { runUnary } from './unary';

/** max(x, 0), for a kernel that can rectify what it reads. */
export class ReluPlan extends Plan<{ x: TensorInfo }> {
  over(inputs: { x: TensorInfo }): ReluPlan {
    return new ReluPlan(inputs);
  }

  compute(backend: XcpBackend, y: TensorInfo): void {
    const { x } = this.inputs;
    backend.library.call('relu', backend.address(x), backend.address(y), sizeOf(x));
  }
}

function rectify(name: 'relu' | 'relu6', x: TensorInfo, backend: XcpBackend): TensorInfo {
  if (x.dtype === 'int32') return runUnary(backend, `${name}_int32`, x);
  const plan = backend.planOf(x);
  const fused = plan instanceof ConvPlan ? plan.activated(name) : undefined;
  if (fused) return backend.outputLater(x.shape, fused);
  return name === 'relu' ? backend.outputLater(x.shape, new ReluPlan({ x })) : runUnary(backend, name, x);
}

const NATIVES = { Relu: 'relu', Relu6: 'relu6' } as const;

export const rectifierKernels = Object.entries(NATIVES).map(([name, native]) =>
  kernel<{ x: TensorInfo }>(
    name,
    ({ inputs: { x }, backend }) => rectify(native, x, backend),
    ({ inputs: { x } }) => (x.dtype === 'float32' || x.dtype === 'int32') && sizeOf(x) > 0,
  ),
);
