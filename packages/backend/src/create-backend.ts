import { XcpBackend } from './backend';
import { type LibraryOptions, loadLibrary } from './load';
import { memoryLimit } from './memory-limit';

export interface CreateOptions extends LibraryOptions {
  /**
   * Most bytes that tensors and the kernels' scratch memory may hold; by default `XCP_MEMORY_LIMIT` (MiB), or what
   * the machine has or its container allows, less a reserve. A wasm memory ends at 4 GiB in any case.
   */
  memoryLimit?: number;
}

/**
 * A backend with options of your own, where the environment variables do not serve.
 *
 * @throws where the library asked for does not load, the processor lacks `isa`, or an option is out of its range
 * @example
 * tf.removeBackend('xcp');
 * tf.registerBackend('xcp', () => createBackend({ threads: 4, memoryLimit: 2 * 2 ** 30 }));
 * await tf.setBackend('xcp');
 */
export function createBackend(options: CreateOptions = {}): XcpBackend {
  const limit = memoryLimit(options.memoryLimit);
  return new XcpBackend(loadLibrary(options), { memoryLimit: limit });
}
