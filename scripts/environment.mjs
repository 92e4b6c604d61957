import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const oldestNode = 20;

/** Throws where this Node.js is too old for the tools and the libraries. */
export function checkNode() {
  const { node } = process.versions;
  if (Number(node.split('.')[0]) >= oldestNode) return;
  throw new Error(
    `Node.js: must be version ${oldestNode} or later, this is ${node}; get one from https://nodejs.org`,
  );
}

/**
 * The environment for pnpm and turbo: without what npm says about itself (pnpm would take it for settings of its
 * own), without telemetry, and with caches inside the repository where the home folder cannot be written to.
 */
export function environment() {
  const aboutNpm =
    /^npm_(package|lifecycle|command$|execpath$|node_execpath$|config_(prefix|local_prefix|global_prefix|globalconfig|user_agent|node_gyp|init_module|npm_version|auto_install_peers|engine_strict)$)/i;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !aboutNpm.test(name)));
  env.TURBO_TELEMETRY_DISABLED = '1';
  env.DO_NOT_TRACK = '1';
  env.npm_config_update_notifier = 'false';
  if (!isWritable(homedir())) {
    const caches = join(root, 'node_modules', '.cache');
    env.npm_config_cache ??= join(caches, 'npm');
    env.npm_config_store_dir ??= join(caches, 'pnpm-store');
    env.XDG_CACHE_HOME ??= join(caches, 'xdg-cache');
    env.XDG_CONFIG_HOME ??= join(caches, 'xdg-config');
    env.XDG_DATA_HOME ??= join(caches, 'xdg-data');
    env.XDG_STATE_HOME ??= join(caches, 'xdg-state');
    env.XCP_CACHE_DIR ??= join(caches, 'xcp');
  }
  return env;
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The file of npx, to be run by Node.js itself: on Windows npx is a batch file, which only a shell could start.
 *
 * Looked for beside npm where npm started this process, beside Node.js, and along PATH.
 */
export function findNpx() {
  const { npm_execpath: npm, PATH = '' } = process.env;
  const node = dirname(realpathSync(process.execPath));
  const inFolder = (folder) => [
    join(folder, 'node_modules', 'npm', 'bin', 'npx-cli.js'),
    join(folder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npx-cli.js'),
  ];
  const candidates = [
    ...(npm ? [join(dirname(npm), 'npx-cli.js')] : []),
    ...[node, ...PATH.split(delimiter).filter(Boolean)].flatMap(inFolder),
    // Debian's npm
    '/usr/share/nodejs/npm/bin/npx-cli.js',
  ];
  const found = candidates.find((file) => existsSync(file));
  if (found) return found;
  throw new Error(
    'npm: must be installed beside Node.js, found no npx-cli.js; get both from https://nodejs.org',
  );
}
