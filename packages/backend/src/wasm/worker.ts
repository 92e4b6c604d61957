/** What a worker is started with. */
export interface WorkerStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  /** Its number among the threads; the thread that calls is 0. */
  index: number;
  /** End of its stack, which grows downwards, and where its thread-local variables lie. */
  stackEnd: number;
  threadLocals: number;
}

interface WorkerExports {
  __stack_pointer: WebAssembly.Global;
  __wasm_init_tls(address: number): void;
  work(index: number): void;
  leaveJob(): void;
}

function kernelFailed(): never {
  throw new Error('a kernel failed');
}

/** Takes part in every job until the thread is ended from outside. */
export function work({ module, memory, index, stackEnd, threadLocals }: WorkerStart): never {
  const instance = new WebAssembly.Instance(module, { env: { memory }, xcp: { kernelFailed } });
  const exports = instance.exports as unknown as WorkerExports;
  exports.__stack_pointer.value = stackEnd;
  exports.__wasm_init_tls(threadLocals);
  for (;;) {
    try {
      exports.work(index);
    } catch {
      // The thread that called the kernel is told, and throws there.
      exports.__stack_pointer.value = stackEnd;
      exports.leaveJob();
    }
  }
}
