import type { Library } from './library';
import { loadNative, type NativeOptions } from './native';
import type { BackendStatus } from './status';
import { isWasmIsa } from './wasm/variant';
import { chooseWasm, loadWasm } from './wasm-node';
import { whyNotNative } from './why-not-native';

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

/** Why the native addon is passed over, or undefined where it works. */
function passedOver(options: NativeOptions): string | undefined {
  const isa = options.isa ?? process.env.XCP_ISA;
  if (isWasmIsa(isa)) return `the instruction set asked for is ${isa}`;
  try {
    loadNative(options);
    return undefined;
  } catch (error) {
    const reason = whyNotNative(error);
    if (reason === undefined) throw error;
    return reason;
  }
}

const wasmOptions = ({ isa, threads }: LibraryOptions) => ({
  threads,
  isa: isWasmIsa(isa) ? isa : undefined,
});

/** Loads the kernels. */
export function loadLibrary(options: LibraryOptions = {}): Library {
  if (options.library === 'wasm') return loadWasm(wasmOptions(options));
  if (options.library === 'native' || passedOver(options) === undefined) return loadNative(options);
  return loadWasm(wasmOptions(options));
}

/** What `loadLibrary` would take, found out without starting wasm. */
export function probeLibrary(options: LibraryOptions = {}): BackendStatus {
  try {
    const reason = options.library === 'wasm' ? undefined : passedOver(options);
    if (options.library !== 'wasm' && reason === undefined) {
      const { isa, threads } = loadNative(options);
      return { available: true, library: 'native', isa, threads };
    }
    const { variant, threads } = chooseWasm(wasmOptions(options));
    const status = { available: true, library: 'wasm', isa: variant.isa, threads } as const;
    return reason === undefined ? status : { ...status, passedOver: reason };
  } catch (error) {
    return { available: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
