import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { kernelCalls } from './kernel-calls';
import type { Library, Values } from './library';
import { threadCount } from './thread-count';

/** What the addon exports (native/addon.cpp). */
interface Addon {
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

export interface NativeOptions {
  /** Insist on an instruction set (`avx512`, `avx2`, `baseline`); the best by default, or `XCP_ISA`. */
  isa?: string;
  /** Threads that take part in a kernel; by default `XCP_NUM_THREADS`, or as many as the process may use. */
  threads?: number;
}

/** Loads the addon: a local build first, then a prebuilt one. Throws where there is none for this machine. */
export function loadNative(options: NativeOptions = {}): Library {
  const require = createRequire(import.meta.url);
  const findAddon = require('node-gyp-build') as (directory: string) => Addon;
  const addon = findAddon(fileURLToPath(new URL('../native', import.meta.url)));
  const isa = options.isa ?? process.env.XCP_ISA ?? '';
  const selected = addon.select(isa);
  if (!selected) {
    throw new Error(
      `xcp backend: this processor or build lacks the instruction set \`${isa}\`; leave XCP_ISA unset`,
    );
  }
  addon.setThreads(threadCount(options.threads));

  const { values, address } = addon.arguments;
  const library: Library = {
    kind: 'native',
    isa: selected.isa,
    maxElements: Number.MAX_SAFE_INTEGER,
    ...kernelCalls({
      names: selected.kernels,
      capacity: values.length,
      run(index, args) {
        values.set(args);
        return addon.run(index, address);
      },
      replay: addon.replay,
      library: () => library,
    }),
    reserve: addon.reserve,
    release: addon.release,
    write: addon.write,
    read: addon.read,
    move: addon.move,
    refusal: 'the system refused more',
    setMemoryLimit: addon.setMemoryLimit,
    scratchHeld: addon.scratchHeld,
    processHeld: addon.processHeld,
    trimScratch: addon.trimScratch,
    setThreads: addon.setThreads,
    get threads() {
      return addon.threads();
    },
    dispose() {}, // the threads belong to the process and sleep
  };
  return library;
}
