import '@tensorflow/tfjs-backend-cpu';
import { XcpBackend } from './backend';
import { checkMemoryLimit } from './limits';
import { register } from './register';
import type { BackendStatus } from './status';
import { chooseWasm, loadWasm, type WasmOptions } from './wasm-web';

export interface CreateOptions extends WasmOptions {
  /** Most bytes that tensors and the kernels' scratch memory may hold; by default what a wasm memory can. */
  memoryLimit?: number;
}

const WASM_MEMORY_BYTES = 2 ** 32;

/**
 * A backend with options of your own.
 *
 * @throws where the browser lacks WebAssembly SIMD, or an option is out of its range
 * @example
 * tf.registerBackend('mine', () => createBackend({ threads: 2 }));
 * await tf.setBackend('mine');
 */
export async function createBackend(options: CreateOptions = {}): Promise<XcpBackend> {
  const memoryLimit = checkMemoryLimit(options.memoryLimit ?? WASM_MEMORY_BYTES);
  return new XcpBackend(await loadWasm(options), { memoryLimit });
}

// In a browser both names stand for the one library that there is.
register(() => createBackend());

/**
 * Tells on what the backend would run here.
 *
 * @example
 * const status = backendStatus();
 * if (status.available) await tf.setBackend('xcp');
 */
export function backendStatus(): BackendStatus {
  try {
    const { variant, threads } = chooseWasm();
    return { available: true, library: 'wasm', isa: variant.isa, threads };
  } catch (error) {
    return { available: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

export { type BackendOptions, XcpBackend, type XcpMemoryInfo } from './backend';
export type { Library } from './library';
export { OutOfMemoryError, type Shortage } from './out-of-memory';
export type { BackendName } from './register';
export type { BackendStatus } from './status';
export { type Traced, traced } from './traced';
export type { WasmIsa } from './wasm/variant';
export { loadWasm, type WasmOptions } from './wasm-web';
