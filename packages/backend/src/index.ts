import '@tensorflow/tfjs-backend-cpu';
import { XcpBackend } from './backend';
import { loadLibrary, probeLibrary } from './load';
import { memoryLimit } from './memory-limit';
import { type BackendName, register } from './register';
import type { BackendStatus } from './status';

register((name) => new XcpBackend(loadLibrary(name), { memoryLimit: memoryLimit() }));

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
  return probeLibrary(name);
}

export { type BackendOptions, XcpBackend, type XcpMemoryInfo } from './backend';
export type { Library } from './library';
export { loadNative, type NativeOptions, threadCount } from './native';
export type { BackendName } from './register';
export type { BackendStatus } from './status';
export type { WasmIsa } from './wasm/variant';
export { loadWasm, type WasmOptions } from './wasm-node';
