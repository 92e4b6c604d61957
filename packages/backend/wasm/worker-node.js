// src/wasm/worker-node.ts
import { workerData } from "node:worker_threads";

// src/wasm/worker.ts
function work({ module, memory, index, stackEnd, threadLocals }) {
  let missingBytes = 0;
  const instance = new WebAssembly.Instance(module, {
    env: { memory },
    xcp: {
      outOfMemory(bytes) {
        missingBytes = bytes;
        throw new Error("out of memory");
      },
      kernelFailed() {
        throw new Error("a kernel failed");
      }
    }
  });
  const exports = instance.exports;
  exports.__stack_pointer.value = stackEnd;
  exports.__wasm_init_tls(threadLocals);
  for (; ; ) {
    try {
      exports.work(index);
    } catch {
      exports.__stack_pointer.value = stackEnd;
      exports.leaveJob(missingBytes);
      missingBytes = 0;
    }
  }
}

// src/wasm/worker-node.ts
work(workerData);
