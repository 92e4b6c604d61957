import type { Engine, Probe } from './engine';
import { setBackend } from './set-backend';

type Library = 'native' | 'wasm';
const libraries: Record<Library, string> = {
  native: 'native kernels for the CPU',
  wasm: 'WebAssembly kernels for the CPU',
};

async function probe(backend: 'xcp' | 'xcp-wasm', library: Library): Promise<Probe> {
  const { backendStatus } = await import('@xcp/backend');
  const status = backendStatus(backend);
  if (!status.available) return status;
  if (status.library !== library) return { available: false, reason: status.passedOver ?? 'not there' };
  const threads = `${status.threads} ${status.threads === 1 ? 'thread' : 'threads'}`;
  return { available: true, detail: `${libraries[library]}, ${status.isa}, ${threads}` };
}

/** Our own backend's native kernels. Its wasm kernels are an engine of their own, for others come between the two. */
export const xcpEngine: Engine = {
  name: 'xcp',
  probe: () => probe('xcp', 'native'),
  activate: () => setBackend('xcp'),
};

/** The same kernels compiled to WebAssembly: no compiler, no installation, slower. */
export const xcpWasmEngine: Engine = {
  name: 'xcp-wasm',
  probe: () => probe('xcp-wasm', 'wasm'),
  activate: () => setBackend('xcp-wasm'),
};
