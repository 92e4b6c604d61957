import '@tensorflow/tfjs-backend-cpu';
import { registerBackend, registerKernel } from '@tensorflow/tfjs-core';
import { createBackend } from './create-backend';
import { allKernels } from './kernels/index';
import { recordFailure, recordSuccess } from './status';

// The explicit registration that this package exists for. A priority below the other engines': nothing changes until
// somebody asks for 'xcp'.
registerBackend(
  'xcp',
  () => {
    try {
      const backend = createBackend();
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
export { type CreateOptions, createBackend } from './create-backend';
export type { Library } from './library';
export { loadNative, type NativeOptions } from './native';
export { OutOfMemoryError, type Shortage } from './out-of-memory';
export { type BackendStatus, backendStatus } from './status';
export { threadCount } from './thread-count';
