import { kernelCalls } from '../kernel-calls';
import type { Library } from '../library';
import { readNames, type WasmExports } from './exports';
import type { WasmVariant } from './variant';
import type { WorkerStart } from './worker';

export interface WasmParts {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  variant: WasmVariant;
  threads: number;
  /** Whether the thread that calls kernels may wait for others; a browser's main thread may not. */
  callerMaySleep: boolean;
  /** Starts a worker, and returns what ends it. */
  startWorker(start: WorkerStart): () => void;
}

const STACK_BYTES = 256 * 2 ** 10;
const ADDRESSES = 2 ** 32;

/** The kernels in a wasm instance, with a worker for each thread but the calling one. */
export function wasmLibrary(parts: WasmParts): Library {
  const { module, memory, variant } = parts;
  const kernelFailed = () => {
    throw new Error('xcp backend: a kernel failed on another thread');
  };
  const instance = new WebAssembly.Instance(module, { env: { memory }, xcp: { kernelFailed } });
  const exports = instance.exports as unknown as WasmExports;
  const address = exports.argumentsAddress();
  const capacity = exports.argumentsCount();
  let values = new Float64Array(memory.buffer, address, capacity);

  /** Calls into the instance, which stays usable where that traps. */
  function guarded(call: () => number): number {
    const stack = exports.__stack_pointer.value;
    try {
      return call() >>> 0;
    } catch (error) {
      exports.__stack_pointer.value = stack;
      exports.abandonJob?.();
      throw error;
    }
  }

  function run(index: number, args: ArrayLike<number>): number {
    const { buffer } = memory; // another one each time the memory grew
    if (values.buffer !== buffer) values = new Float64Array(buffer, address, capacity);
    values.set(args);
    return guarded(() => exports.run(index));
  }

  const replay = (at: number, begin: number, end: number) => guarded(() => exports.replay(at, begin, end));

  const stopWorkers: (() => void)[] = [];
  let threads = 1;
  function setThreads(count: number): void {
    if (!exports.setThreads || !exports.__tls_size) return;
    while (stopWorkers.length + 1 < count) {
      const stack = exports.reserve(STACK_BYTES + exports.__tls_size.value, false) >>> 0;
      if (stack === 0) break;
      const stackEnd = stack + STACK_BYTES;
      const index = stopWorkers.length + 1;
      stopWorkers.push(parts.startWorker({ module, memory, index, stackEnd, threadLocals: stackEnd }));
    }
    threads = Math.min(count, stopWorkers.length + 1);
    exports.setThreads(threads, parts.callerMaySleep);
  }

  const library: Library = {
    kind: 'wasm',
    isa: variant.isa,
    maxElements: 2 ** 31 - 1,
    refusal: 'a wasm memory holds at most 4 GiB, and a tensor in it 2^31 - 1 elements',
    ...kernelCalls({ names: readNames(exports, memory), capacity, run, replay, library: () => library }),
    reserve: (bytes) => (bytes < ADDRESSES ? exports.reserve(bytes, true) >>> 0 : 0),
    release: (at) => exports.release(at),
    setMemoryLimit: (bytes) => exports.setMemoryLimit(Math.min(bytes, ADDRESSES - 1)),
    scratchHeld: () => exports.scratchHeld() >>> 0,
    processHeld: () => exports.memoryHeld() >>> 0,
    trimScratch: () => exports.trimScratch(),
    write(at, from) {
      new Uint8Array(memory.buffer, at, from.byteLength).set(bytesOf(from));
    },
    read(at, into) {
      bytesOf(into).set(new Uint8Array(memory.buffer, at, into.byteLength));
    },
    move(from, to, bytes) {
      new Uint8Array(memory.buffer).copyWithin(to, from, from + bytes);
    },
    get threads() {
      return threads;
    },
    setThreads,
    dispose() {
      setThreads(1);
      for (const stop of stopWorkers.splice(0)) stop();
    },
  };
  setThreads(parts.threads);
  return library;
}

const bytesOf = (values: ArrayBufferView) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
