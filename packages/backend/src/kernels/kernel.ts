import type {
  DataType,
  KernelConfig,
  NamedAttrMap,
  NamedTensorInfoMap,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { getKernel, util } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import { runFallback } from './fallback';

/** What a kernel of ours is called with. `I` and `A` name its inputs and attributes as TensorFlow.js does. */
export interface Call<I, A> {
  inputs: I;
  attrs: A;
  backend: XcpBackend;
}

export type Outputs = TensorInfo | TensorInfo[];

/**
 * A kernel for TensorFlow.js's registry. Calls for which `supports` says no (another dtype, a zero-size tensor, an
 * attribute that the native kernel lacks) run on TensorFlow.js's own cpu kernel instead, and are counted.
 */
export function kernel<I = NamedTensorInfoMap, A = NamedAttrMap>(
  kernelName: string,
  run: (call: Call<I, A>) => Outputs,
  supports: (call: Call<I, A>) => boolean = () => true,
): KernelConfig {
  return {
    kernelName,
    backendName: 'xcp', // and xcp-wasm: see register.ts
    kernelFunc: ({ inputs, attrs, backend }) => {
      const call = { inputs: inputs as I, attrs: attrs as A, backend: backend as XcpBackend };
      if (supports(call)) return call.backend.whole(() => run(call));
      const fallback = getKernel(kernelName, 'cpu');
      if (!fallback) throw new Error(`xcp backend: ${kernelName} does not support these inputs`);
      return call.backend.whole(() => runFallback(fallback, inputs, attrs as NamedAttrMap, call.backend));
    },
  };
}

export const sizeOf = (tensor: TensorInfo): number => util.sizeFromShape(tensor.shape);

/** Whether all tensors have a dtype and hold at least one element of it. */
export const areOf = (dtype: DataType, ...tensors: (TensorInfo | undefined)[]): boolean =>
  tensors.every((t) => t === undefined || (t.dtype === dtype && sizeOf(t) > 0));

/** Whether all tensors hold at least one float32. */
export const areFloats = (...tensors: (TensorInfo | undefined)[]): boolean => areOf('float32', ...tensors);

/** Runs `use` on a tensor that nobody else will see, and frees it. */
export function using<T>(backend: XcpBackend, temporary: TensorInfo, use: (tensor: TensorInfo) => T): T {
  try {
    return use(temporary);
  } finally {
    backend.disposeData(temporary.dataId);
  }
}
