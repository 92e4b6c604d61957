import type { Values } from '../library';

/** What the addon exports (native/addon.cpp). */
export interface Addon {
  select(isa: string): { isa: string; kernels: string[] } | undefined;
  /** Gives the bytes of scratch memory that the kernel was refused, 0 where it ran. */
  run(kernel: number, args: number): number;
  /** Gives `end`, or where the call stands that was refused scratch memory. */
  replay(address: number, begin: number, end: number): number;
  reserve(bytes: number): number;
  release(address: number): void;
  write(address: number, values: Values | Float64Array): void;
  read(address: number, into: Values): void;
  move(from: number, to: number, bytes: number): void;
  setMemoryLimit(bytes: number): void;
  scratchHeld(): number;
  processHeld(): number;
  trimScratch(): void;
  setThreads(count: number): void;
  threads(): number;
  arguments: { values: Float64Array; address: number };
}
