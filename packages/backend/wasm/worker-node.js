// packages/backend/src/wasm/worker-node.ts
import { workerData } from "node:worker_threads";

// packages/backend/src/wasm/worker.ts
function kernelFailed() {
  throw new Error("a kernel failed");
}
function work({ module, memory, index, stackEnd, threadLocals }) {
  const instance = new WebAssembly.Instance(module, { env: { memory }, xcp: { kernelFailed } });
  const exports = instance.exports;
  exports.__stack_pointer.value = stackEnd;
  exports.__wasm_init_tls(threadLocals);
  for (; ; ) {
    try {
      exports.work(index);
    } catch {
      exports.__stack_pointer.value = stackEnd;
      exports.leaveJob();
    }
  }
}

// packages/backend/src/wasm/worker-node.ts
work(workerData);
