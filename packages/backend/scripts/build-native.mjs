// Builds the native addon with node-gyp. Where that cannot be done the build goes on without it, with one line that
// says why: the backend then reports itself as unavailable and another engine is used.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { nodeHeaders } from './node-headers.mjs';
import { recordAddon } from './record-addon.mjs';

// Not the package's root: package managers would run node-gyp by themselves, and fail where it fails.
const root = fileURLToPath(new URL('../native', import.meta.url));
const nodeGyp = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');

const headers = nodeHeaders();
const nodedir = headers ? ['--nodedir', headers] : [];
const jobs = ['--jobs', String(availableParallelism())];

const result = spawnSync(process.execPath, [nodeGyp, 'rebuild', '--release', ...jobs, ...nodedir], {
  cwd: root,
  encoding: 'utf8',
});
if (result.status === 0) {
  const reason = recordAddon(fileURLToPath(new URL('../native/build/Release/xcp.node', import.meta.url)));
  if (reason) console.warn(`xcp backend: native addon built, but it does not load (${reason})`);
  else console.log('xcp backend: native addon built');
} else {
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`;
  if (process.env.XCP_VERBOSE) console.error(output);
  const reason =
    output
      .split('\n')
      .map((line) => line.replace(/^gyp ERR! (stack )?/, '').trim())
      .find((line) => /error|not found|could not|no such|unable/i.test(line)) ?? `exit code ${result.status}`;
  console.warn(
    `xcp backend: native addon not built (${reason}); training will need another engine. ` +
      'Install a C++ compiler, make and Python 3, then build again; XCP_VERBOSE=1 shows the whole output.',
  );
}
