import '@tensorflow/tfjs-backend-cpu';
import { createBackend } from './create-backend';
import { type LibraryOptions, probeLibrary } from './load';
import { type BackendName, register } from './register';
import type { BackendStatus } from './status';

/** The library that each of our names stands for. */
const LIBRARIES: Record<BackendName, LibraryOptions> = { xcp: {}, 'xcp-wasm': { library: 'wasm' } };

register((name) => createBackend(LIBRARIES[name]));

/**
 * Tells on what a backend would run here: `xcp` takes the native addon where it loads and wasm elsewhere, `xcp-wasm`
 * takes wasm.
 *
 * @example
 * const status = backendStatus();
 * if (status.available) await tf.setBackend('xcp');
 * if (status.available && status.passedOver) console.log(`no native kernels: ${status.passedOver}`);
 */
export function backendStatus(name: BackendName = 'xcp'): BackendStatus {
  return probeLibrary(LIBRARIES[name]);
}

export { type BackendOptions, XcpBackend, type XcpMemoryInfo } from './backend';
export { cgroupCpuQuota, cgroupMemoryLimit } from './cgroup';
export { type CreateOptions, createBackend } from './create-backend';
export type { Library } from './library';
export type { LibraryOptions } from './load';
export { memoryLimit } from './memory-limit';
export { loadNative, type NativeOptions } from './native';
export { OutOfMemoryError, type Shortage } from './out-of-memory';
export type { BackendName } from './register';
export type { BackendStatus } from './status';
export { threadCount } from './thread-count';
export { type Traced, traced } from './traced';
export type { WasmIsa } from './wasm/variant';
export { loadWasm, type WasmOptions } from './wasm-node';
