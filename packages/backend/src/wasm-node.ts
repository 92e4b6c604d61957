import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Library } from './library';
import { threadCount } from './thread-count';
import { wasmLibrary } from './wasm/library';
import { createMemory } from './wasm/memory';
import { isWasmIsa, type WasmIsa, wasmFile, wasmVariant } from './wasm/variant';
import type { WorkerStart } from './wasm/worker';

export interface WasmOptions {
  /** Insist on an instruction set (`relaxed-simd`, `simd128`); the best by default, or `XCP_ISA`. */
  isa?: WasmIsa;
  /** Threads that take part in a kernel; as many as the machine has by default, or `XCP_NUM_THREADS`. */
  threads?: number;
}

const file = (name: string) => new URL(`../wasm/${name}`, import.meta.url);

/** What `loadWasm` would take, found out without loading it. */
export function chooseWasm({ isa, threads }: WasmOptions = {}) {
  const named = process.env.XCP_ISA;
  const wanted = isa ?? (isWasmIsa(named) ? named : undefined);
  const variant = wasmVariant(typeof SharedArrayBuffer !== 'undefined', wanted);
  return { variant, threads: variant.shared ? threadCount(threads) : 1 };
}

/** Loads the kernels' wasm build. Throws where the runtime lacks what it needs. */
export function loadWasm(options: WasmOptions = {}): Library {
  const { variant, threads } = chooseWasm(options);
  const module = new WebAssembly.Module(readFileSync(file(wasmFile(variant))));
  const memory = createMemory(variant.shared);
  return wasmLibrary({ module, memory, variant, threads, callerMaySleep: true, startWorker });
}

function startWorker(start: WorkerStart): () => void {
  // Flags such as a loader for TypeScript are not for this script.
  const worker = new Worker(file('worker-node.js'), { workerData: start, execArgv: [], name: 'xcp' });
  // Without it the calling thread does the work alone.
  worker.on('error', (error) => console.warn(`xcp backend: a worker thread ended: ${error.message}`));
  worker.unref();
  return () => void worker.terminate();
}
