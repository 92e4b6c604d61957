import { fileURLToPath } from 'node:url';
import { build } from 'tsup';

/** Bundles page.mjs with the built packages into `folder`, as `page.js`. */
export const bundlePage = (folder) =>
  build({
    entry: { page: fileURLToPath(new URL('page.mjs', import.meta.url)) },
    outDir: folder,
    format: 'esm',
    platform: 'browser',
    noExternal: [/.*/],
    esbuildOptions(options) {
      // The repository's own tsconfig.json leads from package names to sources; here the built packages are tried.
      options.tsconfig = undefined;
      options.tsconfigRaw = '{}';
    },
    outExtension: () => ({ js: '.js' }),
    config: false,
    silent: true,
  });
