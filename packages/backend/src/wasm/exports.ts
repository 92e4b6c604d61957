/** What every build of the kernels exports (wasm/run.cpp). Addresses and sizes come as signed 32-bit numbers. */
export interface WasmExports {
  __stack_pointer: WebAssembly.Global;
  argumentsAddress(): number;
  argumentsCount(): number;
  /** Address of a kernel's name, 0 past the last one. */
  kernelName(index: number): number;
  /** The bytes of scratch memory that the kernel was refused, 0 where it ran. */
  run(kernel: number): number;
  /** Runs calls that lie in memory; `end`, or where the call stands that was refused scratch memory. */
  replay(address: number, begin: number, end: number): number;
  /** Address of memory, 0 where there is no more; what is not counted does not go against the limit. */
  reserve(bytes: number, counted: boolean): number;
  release(address: number): void;
  setMemoryLimit(bytes: number): void;
  memoryHeld(): number;
  scratchHeld(): number;
  trimScratch(): void;
  /** With a shared memory alone (wasm/threads.cpp). */
  __tls_size?: WebAssembly.Global;
  setThreads?(count: number, callerMaySleep: boolean): void;
  abandonJob?(): void;
}

/** Kernel names in the order of their numbers, from the table in the module's data. */
export function readNames(exports: WasmExports, memory: WebAssembly.Memory): string[] {
  const bytes = new Uint8Array(memory.buffer);
  const names: string[] = [];
  for (let at = exports.kernelName(0); at !== 0; at = exports.kernelName(names.length)) {
    names.push(String.fromCharCode(...bytes.subarray(at, bytes.indexOf(0, at))));
  }
  return names;
}
