import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/node.ts', 'src/cifar10.ts'],
  format: 'esm',
  dts: true,
  sourcemap: true,
  clean: true,
  removeNodeProtocol: false,
});
