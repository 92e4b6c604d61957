import {
  getKernel,
  type KernelConfig,
  type NamedAttrMap,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
  util,
} from '@tensorflow/tfjs-core';
import type { Gpu } from '../gpu';

export const sizeOf = (tensor: TensorInfo): number => util.sizeFromShape(tensor.shape);

export interface KernelArgs<Inputs, Attrs> {
  inputs: Inputs;
  attrs: Attrs;
  gpu: Gpu;
}

/** One of our kernels. Gives null where it leaves the work to TensorFlow.js's kernel of the same name. */
export interface Kernel {
  name: string;
  run(args: KernelArgs<unknown, unknown>): TensorInfo | TensorInfo[] | null;
}

export function kernel<Inputs, Attrs>(
  name: string,
  run: (args: KernelArgs<Inputs, Attrs>) => TensorInfo | TensorInfo[] | null,
): Kernel {
  return { name, run: run as Kernel['run'] };
}

const ours = new WeakSet<KernelConfig['kernelFunc']>();

/** Registers a kernel for `webgpu`, in front of the one that has its name. */
export function register({ name, run }: Kernel): void {
  const previous = getKernel(name, 'webgpu');
  if (previous && ours.has(previous.kernelFunc)) return;
  const kernelFunc: KernelConfig['kernelFunc'] = ({ inputs, attrs, backend }) => {
    const outputs = run({ inputs, attrs: attrs as NamedAttrMap, gpu: backend as Gpu });
    return outputs ?? previous!.kernelFunc({ inputs, attrs, backend });
  };
  ours.add(kernelFunc);
  if (previous) unregisterKernel(name, 'webgpu');
  registerKernel({ kernelName: name, backendName: 'webgpu', kernelFunc });
}
