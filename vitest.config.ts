import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Tests run against the sources, so a changed package needs no build before its tests. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@xcp\/(cifar10|trainer|xception)\/node$/, replacement: source('packages/$1/src/node.ts') },
      { find: /^@xcp\/(cifar10|trainer)\/browser$/, replacement: source('packages/$1/src/browser.ts') },
      { find: '@xcp/xception/cifar10', replacement: source('packages/xception/src/cifar10.ts') },
      { find: '@xcp/cifar10/tfjs', replacement: source('packages/cifar10/src/tfjs.ts') },
      { find: '@xcp/backend/engines', replacement: source('packages/backend/src/engines/index.ts') },
      { find: '@xcp/backend/webgpu', replacement: source('packages/backend/src/webgpu/index.ts') },
      {
        find: /^@xcp\/(layers|safetensors|xception|cifar10|trainer|backend|mpi)$/,
        replacement: source('packages/$1/src/index.ts'),
      },
    ],
  },
  test: {
    include: [
      'packages/*/{src,tests}/**/*.test.ts',
      'apps/*/{src,tests}/**/*.test.ts',
      'examples/*.test.ts',
      'examples/browser/tests/*.test.ts',
      'bench/**/*.test.mjs',
      'parity/*.test.mjs',
      'runtime-tests/*.test.mjs',
      'scripts/**/*.test.mjs',
    ],
    setupFiles: ['vitest.setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // TensorFlow.js keeps one registry of engines per process: every file gets a process of its own.
    pool: 'forks',
    maxWorkers: 2,
    // What the cpu backend says once in every process.
    onConsoleLog: (log) => !log.includes('you are running TensorFlow.js in Node.js'),
  },
});
