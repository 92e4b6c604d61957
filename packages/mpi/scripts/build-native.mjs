#!/usr/bin/env node
// Builds the addon with node-gyp against the MPI of this machine. Where there is none the build goes on without it, with
// one line that says what to install.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mpiFlags } from './mpi-flags.mjs';

const root = fileURLToPath(new URL('../native', import.meta.url));
const HOW =
  'Debian, Ubuntu: apt-get install openmpi-bin libopenmpi-dev; Fedora: openmpi-devel; macOS: brew install open-mpi';

/** Where Node's own headers lie, as in most installations; none where node-gyp must download them. */
const prefix = resolve(dirname(process.execPath), '..');
const nodedir = existsSync(join(prefix, 'include/node/node_api.h')) ? ['--nodedir', prefix] : [];

function build() {
  const nodeGyp = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [nodeGyp, 'rebuild', '--release', ...nodedir],
    { cwd: root, encoding: 'utf8' },
  );
  const output = `${stdout ?? ''}${stderr ?? ''}`;
  if (process.env.XCP_VERBOSE) console.error(output);
  if (status === 0) return undefined;
  const lines = output.split('\n').map((line) => line.replace(/^gyp ERR! (stack )?/, '').trim());
  return lines.find((line) => /error|not found|could not|no such/i.test(line)) ?? `exit code ${status}`;
}

if (!mpiFlags()) {
  console.warn(
    `xcp mpi: not built, for there is no MPI here; to train on several machines install one (${HOW}), then build again`,
  );
} else {
  const failure = build();
  if (failure === undefined) console.log('xcp mpi: addon built');
  else console.warn(`xcp mpi: addon not built (${failure}); XCP_VERBOSE=1 shows the whole output`);
}
