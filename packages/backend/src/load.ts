import type { Library } from './library';
import { loadNative } from './native';
import type { BackendName } from './register';
import type { BackendStatus } from './status';
import { wasmIsas } from './wasm/variant';
import { chooseWasm, loadWasm } from './wasm-node';

/** Why the native addon is passed over, or undefined where it works. */
function whyNotNative(): string | undefined {
  const isa = process.env.XCP_ISA;
  if (isa && wasmIsas.some((name) => name === isa)) return `XCP_ISA is ${isa}`;
  try {
    loadNative();
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // An instruction set that somebody insists on is not passed over in silence.
    if (isa && message.includes('instruction set')) throw error;
    return message.includes('No native build was found')
      ? 'its native addon is not built; install a C++ compiler, make and Python 3, then build again'
      : message;
  }
}

/** The library of `xcp`: native where the addon loads, else wasm; or of `xcp-wasm`. */
export function loadLibrary(name: BackendName): Library {
  return name === 'xcp' && whyNotNative() === undefined ? loadNative() : loadWasm();
}

/** What `loadLibrary` would take, found out without starting it. */
export function probeLibrary(name: BackendName): BackendStatus {
  try {
    const passedOver = name === 'xcp' ? whyNotNative() : undefined;
    if (name === 'xcp' && passedOver === undefined) {
      const { isa, threads } = loadNative();
      return { available: true, library: 'native', isa, threads };
    }
    const { variant, threads } = chooseWasm();
    const status = { available: true, library: 'wasm', isa: variant.isa, threads } as const;
    return passedOver === undefined ? status : { ...status, passedOver };
  } catch (error) {
    return { available: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
