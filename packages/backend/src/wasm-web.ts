import type { Library } from './library';
import { checkThreads, clampThreads } from './limits';
import { wasmLibrary } from './wasm/library';
import { createMemory } from './wasm/memory';
import { type WasmIsa, wasmFile, wasmVariant } from './wasm/variant';
import type { WorkerStart } from './wasm/worker';

export interface WasmOptions {
  /** Insist on an instruction set (`relaxed-simd`, `simd128`); the best by default. */
  isa?: WasmIsa;
  /** Threads that take part in a kernel; by default as many as the machine has, 1 where memory cannot be shared. */
  threads?: number;
}

interface WebWorker {
  postMessage(message: WorkerStart): void;
  terminate(): void;
}

/** What of a browser's globals we use. */
interface Web {
  crossOriginIsolated?: boolean;
  document?: object;
  navigator?: { hardwareConcurrency?: number };
  fetch(url: URL): Promise<{ ok: boolean; status: number; arrayBuffer(): Promise<ArrayBuffer> }>;
  Worker: new (url: URL, options: { type: 'module'; name: string }) => WebWorker;
}
declare const Worker: Web['Worker'];
const web = globalThis as unknown as Web;

// Written out in full, for bundlers find files by this form.
const FILES: Record<string, URL> = {
  'xcp-simd.wasm': new URL('../wasm/xcp-simd.wasm', import.meta.url),
  'xcp-simd-threads.wasm': new URL('../wasm/xcp-simd-threads.wasm', import.meta.url),
  'xcp-relaxed.wasm': new URL('../wasm/xcp-relaxed.wasm', import.meta.url),
  'xcp-relaxed-threads.wasm': new URL('../wasm/xcp-relaxed-threads.wasm', import.meta.url),
};

/** What `loadWasm` would take. Memory is shared on pages that are cross-origin isolated alone. */
export function chooseWasm({ isa, threads }: WasmOptions = {}) {
  const variant = wasmVariant(web.crossOriginIsolated === true, isa);
  const wanted = threads === undefined ? undefined : checkThreads(threads);
  const processors = clampThreads(web.navigator?.hardwareConcurrency ?? 1);
  return { variant, threads: variant.shared ? (wanted ?? processors) : 1 };
}

/** Loads the kernels' wasm build. Rejects where the browser lacks what it needs, or the file is not served. */
export async function loadWasm(options: WasmOptions = {}): Promise<Library> {
  const { variant, threads } = chooseWasm(options);
  const url = FILES[wasmFile(variant)]!;
  const response = await web.fetch(url);
  if (!response.ok) {
    throw new Error(
      `xcp backend: ${url} is not served (status ${response.status}); serve the folder wasm/ of @xcp/backend beside its dist/`,
    );
  }
  const module = await WebAssembly.compile(await response.arrayBuffer());
  const memory = createMemory(variant.shared);
  // Only the page's own thread has a document; it may not wait.
  const callerMaySleep = web.document === undefined;
  return wasmLibrary({ module, memory, variant, threads, callerMaySleep, startWorker });
}

function startWorker(start: WorkerStart): () => void {
  const worker = new Worker(new URL('../wasm/worker-web.js', import.meta.url), {
    type: 'module',
    name: 'xcp',
  });
  worker.postMessage(start);
  return () => worker.terminate();
}
