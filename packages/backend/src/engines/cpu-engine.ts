import type { Engine } from './engine';
import { setBackend } from './set-backend';

/** TensorFlow.js's own backend in plain JavaScript: works everywhere, trains next to nothing. */
export const cpuEngine: Engine = {
  name: 'cpu',
  async probe() {
    return { available: true, detail: 'plain JavaScript' };
  },
  async activate() {
    await import('@tensorflow/tfjs-backend-cpu');
    await setBackend('cpu');
  },
};
