import type { Library } from '../library';
import type { WasmVariant } from './variant';
import type { WorkerStart } from './worker';

/** What every build of the kernels exports (wasm/run.cpp), and with shared memory (wasm/threads.cpp). */
interface Exports {
  __stack_pointer: WebAssembly.Global;
  argumentsAddress(): number;
  argumentsCount(): number;
  kernelName(index: number): number;
  run(kernel: number): void;
  reserve(bytes: number): number;
  release(address: number): void;
  __tls_size?: WebAssembly.Global;
  setThreads?(count: number, callerMaySleep: boolean): void;
  abandonJob?(): void;
}

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
const MAX_BYTES = 2 ** 32;
const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** The kernels in a wasm instance, with a worker for each thread but the calling one. */
export function wasmLibrary(parts: WasmParts): Library {
  const { module, memory, variant } = parts;
  const instance = new WebAssembly.Instance(module, {
    env: { memory },
    xcp: {
      outOfMemory(bytes: number) {
        throw new Error(
          `xcp backend: out of memory: a kernel asked for ${mib(bytes >>> 0)} of scratch memory, and the wasm ` +
            `memory of ${mib(memory.buffer.byteLength)} cannot grow that far; use a smaller batch or input size`,
        );
      },
      kernelFailed() {
        throw new Error('xcp backend: a kernel failed on another thread');
      },
    },
  });
  const exports = instance.exports as unknown as Exports;
  const address = exports.argumentsAddress();
  const count = exports.argumentsCount();
  const kernels = kernelNames(exports, memory);

  let values = new Float64Array(memory.buffer, address, count);
  const callWith = (kernel: string, args: readonly number[]) => {
    const index = kernels.get(kernel);
    if (index === undefined) throw new Error(`xcp backend: no kernel is named \`${kernel}\``);
    if (args.length > count) {
      throw new Error(`xcp backend: ${kernel}: at most ${count} arguments, received ${args.length}`);
    }
    const { buffer } = memory; // another one each time the memory grew
    if (values.buffer !== buffer) values = new Float64Array(buffer, address, count);
    values.set(args);
    const stack = exports.__stack_pointer.value;
    try {
      exports.run(index);
    } catch (error) {
      exports.__stack_pointer.value = stack;
      exports.abandonJob?.();
      throw error;
    }
  };

  const stopWorkers: (() => void)[] = [];
  const setThreads = (threads: number) => {
    if (!exports.setThreads) return;
    while (stopWorkers.length + 1 < threads) {
      const stack = exports.reserve(STACK_BYTES + exports.__tls_size!.value) >>> 0;
      if (stack === 0) break;
      const stackEnd = stack + STACK_BYTES;
      const index = stopWorkers.length + 1;
      stopWorkers.push(parts.startWorker({ module, memory, index, stackEnd, threadLocals: stackEnd }));
    }
    exports.setThreads(threads, parts.callerMaySleep);
  };
  setThreads(parts.threads);

  return {
    kind: 'wasm',
    isa: variant.isa,
    threads: variant.shared ? parts.threads : 1,
    maxElements: 2 ** 31 - 1,
    refusal: `a wasm memory holds at most ${MAX_BYTES / 2 ** 30} GiB`,
    call: (kernel, ...args) => callWith(kernel, args),
    callWith,
    reserve: (bytes) => (bytes < MAX_BYTES ? exports.reserve(bytes) >>> 0 : 0),
    release: (at) => exports.release(at),
    write(at, from) {
      new Uint8Array(memory.buffer, at, from.byteLength).set(bytesOf(from));
    },
    read(at, into) {
      bytesOf(into).set(new Uint8Array(memory.buffer, at, into.byteLength));
    },
    move(from, to, bytes) {
      new Uint8Array(memory.buffer).copyWithin(to, from, from + bytes);
    },
    setThreads,
    dispose() {
      exports.setThreads?.(1, parts.callerMaySleep);
      for (const stop of stopWorkers.splice(0)) stop();
    },
  };
}

const bytesOf = (values: ArrayBufferView) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** Kernel names and their numbers, read from the table in the module's data. */
function kernelNames(exports: Exports, memory: WebAssembly.Memory): Map<string, number> {
  const bytes = new Uint8Array(memory.buffer);
  const names = new Map<string, number>();
  for (let at = exports.kernelName(0); at !== 0; at = exports.kernelName(names.size)) {
    const name = bytes.slice(at, bytes.indexOf(0, at));
    names.set(String.fromCharCode(...name), names.size);
  }
  return names;
}
