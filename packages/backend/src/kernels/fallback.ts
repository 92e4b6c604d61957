import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import {
  type DataType,
  getKernelsForBackend,
  type KernelConfig,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';

const cpu = new MathBackendCPU();

/** Runs one of TensorFlow.js's cpu kernels on copies of our tensors, and counts it. */
export function runFallback(
  config: KernelConfig,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap,
  backend: XcpBackend,
): TensorInfo | TensorInfo[] {
  backend.fallbacks.set(config.kernelName, (backend.fallbacks.get(config.kernelName) ?? 0) + 1);
  const borrowed: TensorInfo[] = [];
  // Some kernels read a tensor's rank; a few take lists of tensors among their inputs.
  const borrow = (input: unknown): unknown => {
    if (Array.isArray(input)) return input.map(borrow);
    const tensor = input as TensorInfo | undefined;
    if (!tensor) return tensor;
    const info = cpu.makeTensorInfo(tensor.shape, tensor.dtype, backend.readSync(tensor.dataId) as never);
    borrowed.push(info);
    return { ...info, rank: info.shape.length };
  };
  const outputs: TensorInfo[] = [];
  try {
    // Concat, AddN and others take an array of tensors where the types say a map.
    const values = Array.isArray(inputs)
      ? borrow(inputs)
      : Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, borrow(tensor)]));
    const result = config.kernelFunc({ inputs: values as NamedTensorInfoMap, attrs, backend: cpu });
    outputs.push(...(Array.isArray(result) ? result : [result]));
    const copies = outputs.map(({ dataId, shape, dtype }) =>
      backend.fromValues(shape, dtype as DataType, cpu.readSync(dataId)),
    );
    return Array.isArray(result) ? copies : copies[0]!;
  } finally {
    for (const info of [...outputs, ...borrowed]) cpu.disposeData(info.dataId, true);
  }
}

/** Kernels that TensorFlow.js's cpu backend has and `own` lacks, each wrapped for our backend. */
export function fallbackKernels(own: readonly KernelConfig[]): KernelConfig[] {
  const names = new Set(own.map((config) => config.kernelName));
  return getKernelsForBackend('cpu')
    .filter((config) => !names.has(config.kernelName))
    .map((config) => ({
      kernelName: config.kernelName,
      backendName: 'xcp',
      kernelFunc: ({ inputs, attrs, backend }) =>
        (backend as XcpBackend).whole(() =>
          runFallback(config, inputs, attrs as NamedAttrMap, backend as XcpBackend),
        ),
    }));
}
