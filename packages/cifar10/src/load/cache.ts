import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import envPaths from 'env-paths';
import type { DataFile } from '../manifest';
import { isMissing } from './file-errors';
import { faultOf } from './prove';

const WORKSPACE_PREFIX = '.fetching-';
/** No fetch takes this long, so a workspace of this age was left by a process that was killed. */
const ORPHAN_AGE_MS = 24 * 3_600_000;

/** The folder in which the six files are kept: `cifar10` in `XCP_CACHE_DIR`, or else in the user's cache folder. */
export function defaultCacheDir(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XCP_CACHE_DIR || envPaths('xcp', { suffix: '' }).cache, 'cifar10');
}

/** A cached file that is proved, or the fault of one that is not, or nothing where there is none. */
export async function readCached(
  cacheDir: string,
  file: DataFile,
  signal?: AbortSignal,
): Promise<{ bytes: Uint8Array } | { fault: string } | undefined> {
  try {
    const bytes = await readFile(join(cacheDir, file.name), { signal });
    const fault = faultOf(bytes, file);
    return fault ? { fault } : { bytes };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export async function removeCached(cacheDir: string, file: DataFile): Promise<void> {
  try {
    await rm(join(cacheDir, file.name), { force: true });
  } catch (cause) {
    throw notWritable(cacheDir, cause as Error);
  }
}

/** Runs `work` with a folder of its own inside the cache, on the same file system, and removes it in any case. */
export async function withWorkspace<T>(
  cacheDir: string,
  work: (workspace: string) => Promise<T>,
): Promise<T> {
  let workspace: string;
  try {
    await mkdir(cacheDir, { recursive: true });
    await sweepOrphans(cacheDir);
    workspace = await mkdtemp(join(cacheDir, WORKSPACE_PREFIX));
  } catch (cause) {
    throw notWritable(cacheDir, cause as Error);
  }
  try {
    return await work(workspace);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

/** Puts proved bytes into the cache so that even a power cut leaves either the whole file or none. */
export async function writeCached(
  workspace: string,
  cacheDir: string,
  file: DataFile,
  bytes: Uint8Array,
): Promise<void> {
  const temporary = join(workspace, file.name);
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, join(cacheDir, file.name));
  await syncDirectory(cacheDir);
}

function notWritable(cacheDir: string, cause: Error): Error {
  return new Error(
    `loadCifar10: the cache folder must be writable, but ${cacheDir} is not (${cause.message}); set XCP_CACHE_DIR or pass \`cacheDir\``,
    { cause },
  );
}

async function syncDirectory(directory: string): Promise<void> {
  // Windows cannot open a folder to sync it, and needs no such thing.
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function sweepOrphans(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    if (!name.startsWith(WORKSPACE_PREFIX)) continue;
    const path = join(cacheDir, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > ORPHAN_AGE_MS) await rm(path, { recursive: true, force: true });
  }
}
