// Runs what is tested on TensorFlow.js's cpu backend on TensorFlow's C library too, through @tensorflow/tfjs-node.
// Sets that up in a folder first, which may take some minutes and 2 GB: tfjs-node from npm without its install script
// (which would download TensorFlow 2.9.1), TensorFlow from PyPI, and the binding between the two by node-gyp.
//
//   node scripts/tfjs-node-suite.mjs [--folder <folder>] [--python python3] [--set-up-only]
//
// Needs Linux, a C++ compiler, make, and Python 3 with pip.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './environment.mjs';
import { setUp } from './tfjs-node-suite/set-up.mjs';

const { values: options } = parseArgs({
  options: {
    folder: { type: 'string', default: join(tmpdir(), 'xcp-tfjs-node') },
    python: { type: 'string', default: 'python3' },
    'set-up-only': { type: 'boolean', default: false },
  },
});

const folder = resolve(options.folder);
mkdirSync(folder, { recursive: true });
try {
  setUp(folder, options.python);
} catch (error) {
  console.error(`tfjs-node-suite: ${error.message}`);
  process.exit(1);
}
console.log(`tfjs-node is in ${folder}; XCP_TFJS_NODE=${folder} lets the tests find it`);

if (!options['set-up-only']) {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const env = { ...process.env, XCP_TFJS_NODE: folder, TF_CPP_MIN_LOG_LEVEL: '2' };
  const run = (...args) =>
    spawnSync(process.execPath, [vitest, 'run', ...args], { cwd: root, env, stdio: 'inherit' }).status ?? 1;
  const config = join(root, 'scripts', 'tfjs-node-suite', 'vitest.config.mjs');
  const failed = [
    run('--config', config, 'packages/layers', 'packages/xception', 'packages/trainer'),
    run('apps/cli/tests/tfjs-node.test.ts'),
  ].filter((status) => status !== 0).length;
  process.exitCode = failed === 0 ? 0 : 1;
}
