import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

/** Tests that give the cpu backend kernels of ours, or stand in for tfjs-node's, and so look at that alone. */
const ofTheCpuBackend =
  /^(?!.*(TensorFlow's training op on tfjs-node|fused (equals|has)|runs the gradient kernel of|hands everything to the kernel))/;

export default mergeConfig(base, {
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    setupFiles: [fileURLToPath(new URL('in-place-of-cpu.mjs', import.meta.url))],
    testNamePattern: ofTheCpuBackend,
  },
});
