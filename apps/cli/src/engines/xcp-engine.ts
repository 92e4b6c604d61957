import type { Engine } from './engine';
import { setBackend } from './set-backend';

/** Our own backend: native kernels for the CPU. */
export const xcpEngine: Engine = {
  name: 'xcp',
  async probe() {
    const { backendStatus } = await import('@xcp/backend');
    const status = backendStatus();
    if (!status.available) return status;
    const threads = `${status.threads} ${status.threads === 1 ? 'thread' : 'threads'}`;
    return { available: true, detail: `native kernels for the CPU, ${status.isa}, ${threads}` };
  },
  async activate() {
    await setBackend('xcp');
  },
};
