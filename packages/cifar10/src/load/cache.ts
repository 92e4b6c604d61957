import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import envPaths from 'env-paths';
import type { DataFile } from '../manifest';
import { isMissing, StorageError, storing } from './file-errors';
import { type LockOptions, withLock } from './lock';
import { faultOf } from './prove';

const LOCK_NAME = '.lock';
const WORKSPACE_PREFIX = '.fetching-';
const DOWNLOADS_NAME = '.downloads';

/** The folder in which the files are kept: `cifar10` in `XCP_CACHE_DIR`, or else in the user's cache folder. */
export function defaultCacheDir(
  environment: NodeJS.ProcessEnv = process.env,
  dataSet: 'cifar10' | 'cifar100' = 'cifar10',
): string {
  return join(environment.XCP_CACHE_DIR || envPaths('xcp', { suffix: '' }).cache, dataSet);
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
  await storing(rm(join(cacheDir, file.name), { force: true }));
}

/** Whether something lies there that a process left which was killed at the very end. */
export async function hasLeftovers(cacheDir: string): Promise<boolean> {
  return (await readdir(cacheDir)).some((name) => name === LOCK_NAME || name.startsWith(WORKSPACE_PREFIX));
}

/** The places in which a cache is filled. */
export interface Workplace {
  /** A folder for temporary files, of this process alone, removed in any case. */
  readonly workspace: string;
  /** Downloads that are not finished: they stay until the cache is full. */
  readonly downloads: string;
  /** Fires when the work must stop. */
  readonly signal: AbortSignal;
}

/** Runs `work` while no other process fills the cache, and waits where one does. */
export async function fillingCache<T>(
  cacheDir: string,
  work: (place: Workplace) => Promise<T>,
  options: LockOptions & { readonly subject: string },
): Promise<T> {
  try {
    await storing(mkdir(cacheDir, { recursive: true }));
    return await withLock(
      join(cacheDir, LOCK_NAME),
      (signal) => inWorkspace(cacheDir, signal, work),
      options,
    );
  } catch (error) {
    if (error instanceof StorageError) throw notWritable(options.subject, cacheDir, error);
    throw error;
  }
}

async function inWorkspace<T>(
  cacheDir: string,
  signal: AbortSignal,
  work: (place: Workplace) => Promise<T>,
): Promise<T> {
  await sweepOrphans(cacheDir);
  const downloads = join(cacheDir, DOWNLOADS_NAME);
  await storing(mkdir(downloads, { recursive: true }));
  const workspace = await storing(mkdtemp(join(cacheDir, WORKSPACE_PREFIX)));
  try {
    return await work({ workspace, downloads, signal });
  } finally {
    await rm(workspace, { recursive: true, force: true });
    // Only where nothing is in it.
    await rmdir(downloads).catch(() => {});
  }
}

/** Whoever has the lock is alone, so what lies in other workspaces was left by processes that were killed. */
async function sweepOrphans(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    if (name.startsWith(WORKSPACE_PREFIX)) await rm(join(cacheDir, name), { recursive: true, force: true });
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
  const handle = await storing(open(temporary, 'w'));
  try {
    await storing(handle.writeFile(bytes));
    await storing(handle.sync());
  } finally {
    await handle.close();
  }
  await storing(rename(temporary, join(cacheDir, file.name)));
  await syncDirectory(cacheDir);
}

function notWritable(subject: string, cacheDir: string, { message, cause }: StorageError): Error {
  return new Error(
    `${subject}: the cache folder must be writable, but ${cacheDir} is not (${message}); free space or give access there, or set XCP_CACHE_DIR or pass \`cacheDir\``,
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
