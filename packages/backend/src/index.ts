import '@tensorflow/tfjs-backend-cpu';
import { registerBackend, registerKernel } from '@tensorflow/tfjs-core';
import { XcpBackend } from './backend';
import { allKernels } from './kernels/index';
import { memoryLimit } from './memory-limit';
import { loadNative } from './native';
import { recordFailure, recordSuccess } from './status';

// The explicit registration that this package exists for. A priority below the other engines': nothing changes until
// somebody asks for 'xcp'.
registerBackend(
  'xcp',
  () => {
    try {
      const backend = new XcpBackend(loadNative(), { memoryLimit: memoryLimit() });
      recordSuccess(backend.library);
      return backend;
    } catch (error) {
      recordFailure(error);
      throw error;
    }
  },
  0,
);
for (const config of allKernels()) registerKernel(config);

export { type BackendOptions, XcpBackend, type XcpMemoryInfo } from './backend';
export type { Library } from './library';
export { loadNative, type NativeOptions, threadCount } from './native';
export { type BackendStatus, backendStatus } from './status';
