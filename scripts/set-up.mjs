import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkNode, environment, findNpx, root } from './environment.mjs';
import { PhaseError, phase, show } from './phase.mjs';

/**
 * Everything that stands between a fresh clone and a program that runs: pnpm, the packages, the build.
 *
 * @returns {Promise<NodeJS.ProcessEnv>} the environment to run the built programs in
 */
export async function setUp() {
  checkNode();
  const env = environment();
  await install(env);
  await build(env);
  return env;
}

const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The arguments for Node.js that run a program with pnpm, in the repository's version, on its PATH. */
const withPnpm = (...command) => [findNpx(), '--yes', '--package', packageManager, '--', ...command];

async function install(env) {
  const stamp = join(root, 'node_modules', '.cache', 'xcp-installed');
  const wanted = installedState();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const args = withPnpm('pnpm', 'install', '--frozen-lockfile');
  // CI: no questions asked where node_modules was made by another version of pnpm.
  await phase('installing packages', process.execPath, args, { cwd: root, env: { ...env, CI: 'true' } });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** What an installation depends on: the lockfile, the version of pnpm, the platform. */
function installedState() {
  const lockfile = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex');
  return [lockfile, packageManager, process.platform, process.arch].join('\n');
}

async function build(env) {
  const turbo = join(root, 'node_modules', 'turbo', 'bin', 'turbo');
  const args = withPnpm(process.execPath, turbo, 'run', 'build', '--output-logs=new-only');
  await phase('building', process.execPath, args, { cwd: root, env });
  const backend = join(root, 'packages', 'backend');
  if (existsSync(join(backend, 'native', 'build', 'Release', 'xcp.node'))) return;
  // Turbo remembers that there was nothing to build it with, and would not see a compiler that came since. Says in a line
  // why it is not built, where it is not.
  await show(process.execPath, [join(backend, 'scripts', 'build-native.mjs')], { cwd: root, env });
}

/** Runs a script's main function; an error is told in short, with the output of the phase that failed. */
export async function main(run) {
  try {
    process.exitCode = await run();
  } catch (error) {
    if (error instanceof PhaseError) console.error(`${error.output.trimEnd()}\n`);
    console.error(process.env.XCP_DEBUG ? error : error.message);
    process.exitCode = 1;
  }
}
