import { XcpBackend } from './backend';
import { memoryLimit } from './memory-limit';
import { loadNative, type NativeOptions } from './native';

export interface CreateOptions extends NativeOptions {
  /**
   * Most bytes that tensors and the kernels' scratch memory may hold; by default `XCP_MEMORY_LIMIT` (MiB), or what
   * the machine has or its container allows, less a reserve.
   */
  memoryLimit?: number;
}

/**
 * A backend with options of your own, where the environment variables do not serve.
 *
 * @throws where the native addon is not built, the processor lacks `isa`, or an option is out of its range
 * @example
 * tf.removeBackend('xcp');
 * tf.registerBackend('xcp', () => createBackend({ threads: 4, memoryLimit: 2 * 2 ** 30 }));
 * await tf.setBackend('xcp');
 */
export function createBackend(options: CreateOptions = {}): XcpBackend {
  const limit = memoryLimit(options.memoryLimit);
  return new XcpBackend(loadNative(options), { memoryLimit: limit });
}
