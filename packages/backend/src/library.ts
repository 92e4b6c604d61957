/** Typed arrays that tensors are written from and read into. */
export type Values = Float32Array | Int32Array | Uint8Array;

/**
 * The compiled kernels and the memory they work on. Addresses are plain numbers: native pointers, which are below
 * 2^53, or offsets into a wasm memory.
 */
export interface Library {
  readonly kind: 'native' | 'wasm';
  /** Instruction set the kernels were compiled for, such as `avx512`. */
  readonly isa: string;
  /** Threads that take part in a kernel from the start, the calling one included. */
  readonly threads: number;
  /** Most elements of a tensor that the kernels can count. */
  readonly maxElements: number;
  /** What `reserve` means where it returns 0. */
  readonly refusal: string;
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
  /** Ends what runs in the background. */
  dispose(): void;
}
