/** Whether a backend can be used here and on what, or why not. */
export type BackendStatus =
  | {
      available: true;
      /** Which build of the kernels: the addon, or WebAssembly. */
      library: 'native' | 'wasm';
      /** Instruction set that they were compiled for, such as `avx512` or `simd128`. */
      isa: string;
      threads: number;
      /** Why the native addon is not the one. */
      passedOver?: string;
    }
  | { available: false; reason: string };
