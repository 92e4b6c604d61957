import * as tf from '@tensorflow/tfjs-core';
import { macsOfCall } from './macs.mjs';
import { describeCall } from './shapes.mjs';

/**
 * Records every call of a backend's kernels: TensorFlow.js's by name and by shape, and within each the time of the
 * native calls behind it. The rest of a kernel's time is JavaScript: checks, output tensors, memory.
 */
export class Recorder {
  byKernel = new Map();
  byShape = new Map();
  byNative = new Map();
  native = 0;
  depth = 0;

  /** Wraps the backend that is current; there is no way back, so a process profiles or it measures. */
  constructor(backendName, library) {
    for (const config of tf.getKernelsForBackend(backendName)) this.wrapKernel(config);
    if (library) this.wrapLibrary(library);
  }

  clear() {
    for (const map of [this.byKernel, this.byShape, this.byNative]) map.clear();
    this.native = 0;
  }

  wrapKernel(config) {
    const { kernelName, kernelFunc } = config;
    config.kernelFunc = (params) => {
      // A kernel that calls another one of the backend: the outer one has the time.
      if (this.depth > 0) return kernelFunc(params);
      this.depth++;
      const nativeBefore = this.native;
      const start = performance.now();
      let result;
      try {
        result = kernelFunc(params);
      } finally {
        this.depth--;
      }
      const ms = performance.now() - start;
      const outputs = [result].flat().filter(Boolean);
      const call = { inputs: params.inputs, attrs: params.attrs ?? {}, outputs };
      const times = { ms, native: this.native - nativeBefore, macs: macsOfCall(kernelName, call) };
      add(this.byKernel, kernelName, times);
      add(this.byShape, `${kernelName} ${describeCall(call)}`, times);
      return result;
    };
  }

  wrapLibrary(library) {
    const { callWith } = library;
    library.callWith = (name, args) => {
      const start = performance.now();
      callWith(name, args);
      const ms = performance.now() - start;
      this.native += ms;
      add(this.byNative, name, { ms, native: ms, macs: 0 });
    };
    library.call = (name, ...args) => library.callWith(name, args);
  }
}

function add(map, key, { ms, native, macs }) {
  const entry = map.get(key) ?? { ms: 0, native: 0, macs: 0, calls: 0 };
  map.set(key, {
    ms: entry.ms + ms,
    native: entry.native + native,
    macs: entry.macs + macs,
    calls: entry.calls + 1,
  });
}
