import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Library, Values } from './library';

/** What the addon exports (native/addon.cpp). */
interface Addon {
  select(isa: string): { isa: string; kernels: string[] } | undefined;
  run(kernel: number, args: number): void;
  reserve(bytes: number): number;
  release(address: number): void;
  write(address: number, values: Values): void;
  read(address: number, into: Values): void;
  move(from: number, to: number, bytes: number): void;
  setThreads(count: number): void;
  arguments: { values: Float64Array; address: number };
}

export interface NativeOptions {
  /** Insist on an instruction set (`avx512`, `avx2`, `baseline`); the best by default, or `XCP_ISA`. */
  isa?: string;
  /** Threads that take part in a kernel; as many as the machine has by default, or `XCP_NUM_THREADS`. */
  threads?: number;
}

/** Threads by option, then by environment, then one for each processor. */
export function threadCount(option?: number): number {
  const wanted = option ?? Number(process.env.XCP_NUM_THREADS || availableParallelism());
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 256) {
    throw new Error(
      `xcp backend: \`threads\` (or XCP_NUM_THREADS) must be a whole number from 1 to 256, received ${option ?? process.env.XCP_NUM_THREADS}`,
    );
  }
  return wanted;
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
  const threads = threadCount(options.threads);
  addon.setThreads(threads);

  const index = new Map(selected.kernels.map((name, i) => [name, i]));
  const { values, address } = addon.arguments;
  const callWith = (kernel: string, args: readonly number[]) => {
    const at = index.get(kernel);
    if (at === undefined) throw new Error(`xcp backend: no kernel is named \`${kernel}\``);
    if (args.length > values.length) {
      throw new Error(`xcp backend: ${kernel}: at most ${values.length} arguments, received ${args.length}`);
    }
    values.set(args);
    addon.run(at, address);
  };
  return {
    kind: 'native',
    isa: selected.isa,
    threads,
    maxElements: Number.MAX_SAFE_INTEGER,
    refusal: 'the system refused more',
    call: (kernel, ...args) => callWith(kernel, args),
    callWith,
    reserve: addon.reserve,
    release: addon.release,
    write: addon.write,
    read: addon.read,
    move: addon.move,
    setThreads: addon.setThreads,
    dispose() {}, // the threads belong to the process and sleep
  };
}
