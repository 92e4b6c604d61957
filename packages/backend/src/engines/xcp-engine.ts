import type { BackendStatus } from '../status';
import type { Engine, Probe } from './engine';
import { setBackend } from './set-backend';

type Library = 'native' | 'wasm';
const libraries: Record<Library, string> = {
  native: 'native kernels for the CPU',
  wasm: 'WebAssembly kernels for the CPU',
};

/** Imports our backend in the build for this runtime, which registers it. */
type Import = () => Promise<{ backendStatus(name?: 'xcp' | 'xcp-wasm'): BackendStatus }>;

function engineOf(name: 'xcp' | 'xcp-wasm', library: Library, load: Import): Engine {
  return {
    name,
    async probe(): Promise<Probe> {
      const status = (await load()).backendStatus(name);
      if (!status.available) return status;
      if (status.library !== library) return { available: false, reason: status.passedOver ?? 'not there' };
      const threads = `${status.threads} ${status.threads === 1 ? 'thread' : 'threads'}`;
      return { available: true, detail: `${libraries[library]}, ${status.isa}, ${threads}` };
    },
    async activate() {
      await load();
      await setBackend(name);
    },
  };
}

/** Our own backend's native kernels. Its wasm kernels are an engine of their own, for others come between the two. */
export const xcpEngine = (load: Import) => engineOf('xcp', 'native', load);

/** The same kernels compiled to WebAssembly: no compiler, no installation, slower. */
export const xcpWasmEngine = (load: Import) => engineOf('xcp-wasm', 'wasm', load);
