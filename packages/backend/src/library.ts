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
  /** Most elements of a tensor that the kernels can count. */
  readonly maxElements: number;
  /** Runs a kernel by name over numbers: addresses, sizes, attributes. Every check has been made before. */
  call(kernel: string, ...args: number[]): void;
  /** The same with its arguments in an array, for calls with very many. */
  callWith(kernel: string, args: readonly number[]): void;
  /** The number of a kernel. Throws where none has this name. */
  kernelNumber(kernel: string): number;
  /**
   * Runs many calls at once. `calls` holds them one behind the other, each as the number of its kernel, the count of
   * its arguments, and these; the same numbers lie at `address`.
   */
  replay(address: number, calls: Float64Array): void;
  /** Told of every call that ran, but of those of `replay`. */
  onCall?: (kernel: number, args: readonly number[]) => void;
  /** Memory of `bytes` bytes, 64-byte aligned, or 0 where the system has no more. */
  reserve(bytes: number): number;
  release(address: number): void;
  /** What a 0 from `reserve` means. */
  readonly refusal: string;
  /** The most bytes that tensors and scratch may hold together. */
  setMemoryLimit?(bytes: number): void;
  /** Bytes of scratch memory that kernels hold. */
  scratchHeld?(): number;
  /** Bytes that tensors and scratch of everybody in this process hold. */
  processHeld?(): number;
  /** Gives scratch memory back. */
  trimScratch?(): void;
  /**
   * Called where a kernel was refused `bytes` of scratch memory and so did nothing: makes room, whereupon it runs
   * again, or throws. `attempt` counts from 0.
   */
  onScratchRefused?: (kernel: string, bytes: number, attempt: number) => void;
  write(address: number, values: Values | Float64Array): void;
  read(address: number, into: Values): void;
  move(from: number, to: number, bytes: number): void;
  /** Threads that take part in a kernel. */
  readonly threads: number;
  /** Fewer take part where the system refuses more. */
  setThreads(count: number): void;
  /** Ends what runs in the background. */
  dispose(): void;
}
