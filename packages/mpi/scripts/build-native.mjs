#!/usr/bin/env node
// Builds the addon with node-gyp against the MPI of this machine. Where there is none the build goes on without it, with
// one line that says what to install.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mpiFlags } from './mpi-flags.mjs';

// What an MPI is there decides too, so nobody can keep the addon of another machine or day: this remembers by itself.
const root = fileURLToPath(new URL('../native', import.meta.url));
const HOW =
  'Debian, Ubuntu: apt-get install openmpi-bin libopenmpi-dev; Fedora: openmpi-devel; macOS: brew install open-mpi';

/** Where Node's own headers lie, as in most installations; none where node-gyp must download them. */
const prefix = resolve(dirname(process.execPath), '..');
const nodedir = existsSync(join(prefix, 'include/node/node_api.h')) ? ['--nodedir', prefix] : [];

/** What the addon is made of. */
function ingredients(flags) {
  const hash = createHash('sha256').update(JSON.stringify([flags, process.arch, process.versions.modules]));
  for (const name of readdirSync(root)
    .filter((name) => /\.(cpp|h|gyp)$/.test(name))
    .sort()) {
    hash.update(readFileSync(join(root, name)));
  }
  return hash.digest('hex');
}

const addon = join(root, 'build/Release/xcp_mpi.node');
const record = `${addon}.of`;
const isBuilt = (wanted) =>
  existsSync(addon) && existsSync(record) && readFileSync(record, 'utf8') === wanted;

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

const flags = mpiFlags();
if (!flags) {
  console.warn(
    `xcp mpi: not built, for there is no MPI here; to train on several machines install one (${HOW}), then build again`,
  );
} else if (!isBuilt(ingredients(flags))) {
  const failure = build();
  if (failure === undefined) {
    writeFileSync(record, ingredients(flags));
    console.log('xcp mpi: addon built');
  } else console.warn(`xcp mpi: addon not built (${failure}); XCP_VERBOSE=1 shows the whole output`);
}
