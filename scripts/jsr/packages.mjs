import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../environment.mjs';

/**
 * What goes to JSR, with its entries and the files that no module imports: TypeScript that Deno runs as it is. The others stay on npm, which Deno installs
 * from too: the engine brings native code and WebAssembly, the command line is started by `deno run npm:@xcp/cli`, and
 * the data's entry for Node.js starts a worker that a build has bundled.
 */
export const packages = [
  { name: '@xcp/safetensors', folder: 'safetensors', exports: { '.': './src/index.ts' } },
  {
    name: '@xcp/cifar10',
    folder: 'cifar10',
    exports: { '.': './src/index.ts', './tfjs': './src/tfjs.ts' },
  },
  { name: '@xcp/layers', folder: 'layers', exports: { '.': './src/index.ts' } },
  {
    name: '@xcp/trainer',
    folder: 'trainer',
    exports: { '.': './src/index.ts', './node': './src/node.ts' },
  },
  {
    name: '@xcp/xception',
    folder: 'xception',
    exports: { '.': './src/index.ts', './node': './src/node.ts', './cifar10': './src/cifar10.ts' },
    files: ['weights'],
  },
];

const manifestOf = ({ folder }) =>
  JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'));

/** The deno.json of a package: name, version, entries, and where its dependencies come from. */
export function denoConfig(entry) {
  const { version, description, license, dependencies = {}, peerDependencies = {} } = manifestOf(entry);
  const imports = {};
  for (const [name, range] of Object.entries({ ...dependencies, ...peerDependencies })) {
    const ours = packages.find((other) => other.name === name);
    imports[name] = ours ? `jsr:${name}@^${manifestOf(ours).version}` : `npm:${name}@${range}`;
  }
  return { name: entry.name, version, description, license, exports: entry.exports, imports };
}
