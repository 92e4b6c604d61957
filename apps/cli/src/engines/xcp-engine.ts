import * as tf from '@tensorflow/tfjs-core';
import type { Engine } from './engine';

/** Our own backend: native kernels for the CPU. */
export const xcpEngine: Engine = {
  name: 'xcp',
  async probe() {
    const { backendStatus } = await import('@xcp/backend');
    const { available, reason, isa, threads } = backendStatus();
    if (!available) return { available: false, reason: reason ?? 'the native addon is not there' };
    const detail = [isa, threads && `${threads} ${threads === 1 ? 'thread' : 'threads'}`];
    return {
      available: true,
      detail: `native kernels for the CPU${detail
        .filter(Boolean)
        .map((part) => `, ${part}`)
        .join('')}`,
    };
  },
  async activate() {
    await tf.setBackend('xcp');
  },
};
