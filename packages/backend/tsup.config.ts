import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    browser: 'src/browser.ts',
    engines: 'src/engines/index.ts',
    'engines-browser': 'src/engines/browser.ts',
    webgpu: 'src/webgpu/index.ts',
    'webgpu-browser': 'src/webgpu/browser.ts',
  },
  format: 'esm',
  dts: true,
  sourcemap: true,
  clean: true,
  removeNodeProtocol: false,
});
