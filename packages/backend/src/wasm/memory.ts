const PAGES_PER_GIB = 2 ** 14;
/** As in scripts/build-wasm.mjs: what the linker's data and a first stack need. */
const INITIAL_PAGES = 32;

/** A memory that may grow as far as the runtime lets it, at most 4 GiB. */
export function createMemory(shared: boolean): WebAssembly.Memory {
  for (const gib of [4, 2, 1, 0.5]) {
    try {
      return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: gib * PAGES_PER_GIB, shared });
    } catch {
      // Some runtimes reserve the maximum at once, and refuse what they do not have.
    }
  }
  throw new Error('xcp backend: the runtime refused a WebAssembly memory of 0.5 GiB');
}
