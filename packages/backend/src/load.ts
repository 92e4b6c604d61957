import { AddonError } from './addon/addon-error';
import type { Library } from './library';
import { loadNative } from './native';
import type { BackendStatus } from './status';
import { isWasmIsa } from './wasm/variant';
import { chooseWasm, loadWasm } from './wasm-node';

export interface LibraryOptions {
  /** Which build of the kernels; native where it loads by default, else wasm. */
  library?: 'native' | 'wasm';
  /**
   * Insist on an instruction set: `avx512`, `avx2` or `baseline` of the native build, `relaxed-simd` or `simd128` of
   * wasm. The best that is there by default, or `XCP_ISA`.
   */
  isa?: string;
  /** Threads that take part in a kernel; by default `XCP_NUM_THREADS`, or as many as the process may use. */
  threads?: number;
}

/** The native kernels, or why they are passed over. */
function tryNative(options: LibraryOptions): { library: Library } | { reason: string | undefined } {
  if (options.library === 'wasm') return { reason: undefined };
  const isa = options.isa ?? process.env.XCP_ISA;
  if (options.library !== 'native' && isWasmIsa(isa)) {
    return { reason: `the instruction set asked for is ${isa}` };
  }
  try {
    return { library: loadNative(options) };
  } catch (error) {
    // What somebody insists on (this library, an instruction set, a number of threads) is not passed over in silence.
    if (options.library === 'native' || !(error instanceof AddonError)) throw error;
    return { reason: error.reason };
  }
}

const wasmOptions = ({ isa, threads }: LibraryOptions) => ({
  threads,
  isa: isWasmIsa(isa) ? isa : undefined,
});

/** Loads the kernels. */
export function loadLibrary(options: LibraryOptions = {}): Library {
  const native = tryNative(options);
  return 'library' in native ? native.library : loadWasm(wasmOptions(options));
}

/** What `loadLibrary` would take, found out without starting wasm. */
export function probeLibrary(options: LibraryOptions = {}): BackendStatus {
  try {
    const native = tryNative(options);
    if ('library' in native) {
      const { isa, threads } = native.library;
      return { available: true, library: 'native', isa, threads };
    }
    const { variant, threads } = chooseWasm(wasmOptions(options));
    const status = { available: true, library: 'wasm', isa: variant.isa, threads } as const;
    return native.reason === undefined ? status : { ...status, passedOver: native.reason };
  } catch (error) {
    return { available: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
