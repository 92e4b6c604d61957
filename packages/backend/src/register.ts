import { type KernelBackend, registerBackend, registerKernel } from '@tensorflow/tfjs-core';
import { allKernels } from './kernels/index';

/** The names under which TensorFlow.js knows us: the best library there is, and wasm in any case. */
export const backendNames = ['xcp', 'xcp-wasm'] as const;
export type BackendName = (typeof backendNames)[number];

/**
 * The explicit registration that this package exists for. A priority below the other engines': nothing changes until
 * somebody asks for one of our names.
 */
export function register(create: (name: BackendName) => KernelBackend | Promise<KernelBackend>): void {
  const kernels = allKernels();
  for (const backendName of backendNames) {
    registerBackend(backendName, () => create(backendName), 0);
    for (const config of kernels) registerKernel({ ...config, backendName });
  }
}
