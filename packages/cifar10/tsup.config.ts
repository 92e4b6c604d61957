import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/browser.ts', 'src/node.ts', 'src/tfjs.ts', 'src/workers/batch-worker.ts'],
  format: 'esm',
  dts: true,
  sourcemap: true,
  clean: true,
  removeNodeProtocol: false,
});
