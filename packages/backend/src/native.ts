import { fileURLToPath } from 'node:url';
import { loadAddon } from './addon/load-addon';
import { kernelCalls } from './kernel-calls';
import type { Library } from './library';
import { threadCount } from './thread-count';

export interface NativeOptions {
  /** Insist on an instruction set (`avx512`, `avx2`, `baseline`); the best by default, or `XCP_ISA`. */
  isa?: string;
  /** Threads that take part in a kernel; by default `XCP_NUM_THREADS`, or as many as the process may use. */
  threads?: number;
}

/** Loads the addon: a local build first, then a prebuilt one. Throws where there is none that works on this machine. */
export function loadNative(options: NativeOptions = {}): Library {
  const addon = loadAddon(fileURLToPath(new URL('../native', import.meta.url)));
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
