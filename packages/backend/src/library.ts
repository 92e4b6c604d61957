/** Typed arrays that tensors are written from and read into. */
export type Values = Float32Array | Int32Array | Uint8Array;

/**
 * The compiled kernels and the memory they work on. Addresses are plain numbers: native pointers, which are below
 * 2^53, or offsets into a wasm memory.
 */
export interface Library {
  /** Instruction set the kernels were compiled for, such as `avx512`. */
  readonly isa: string;
  /** Runs a kernel by name over numbers: addresses, sizes, attributes. Every check has been made before. */
  call(kernel: string, ...args: number[]): void;
  /** The same with its arguments in an array, for calls with very many. */
  callWith(kernel: string, args: readonly number[]): void;
  /** Memory of `bytes` bytes, 64-byte aligned, or 0 where the system has no more. */
  reserve(bytes: number): number;
  release(address: number): void;
  write(address: number, values: Values): void;
  read(address: number, into: Values): void;
  move(from: number, to: number, bytes: number): void;
  setThreads(count: number): void;
}
