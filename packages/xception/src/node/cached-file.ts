import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { download } from './download';
import type { RemoteFile } from './receive';

export type { DownloadProgress } from './download';

export interface CacheOptions {
  /** Where files are kept. Default {@link defaultCacheDir}. */
  cacheDir?: string;
  /** Called with each piece that arrives. */
  onProgress?: (progress: { loaded: number; total: number }) => void;
  /** Stops a download; what has arrived is kept, and the next call goes on from there. */
  signal?: AbortSignal;
  /** Default that of the runtime. */
  fetch?: typeof fetch;
  /** Milliseconds without a byte after which a connection counts as dead. Default 30,000. */
  stallTimeout?: number;
}

/** `xception` in `XCP_CACHE_DIR`, or else in the user's cache folder. */
export function defaultCacheDir(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XCP_CACHE_DIR || envPaths('xcp', { suffix: '' }).cache, 'xception');
}

/**
 * The path of a file that is in the cache with the right bytes, fetched if it was not.
 *
 * It has its name only once its hash is proved; until then it is `name.part`.
 */
export async function cachedFile(file: RemoteFile, options: CacheOptions = {}): Promise<string> {
  const { cacheDir = defaultCacheDir(), fetch = globalThis.fetch, stallTimeout = 30_000, ...rest } = options;
  const path = join(cacheDir, file.name);
  if (await isProved(path, file)) return path;
  const part = `${path}.part`;
  try {
    await mkdir(cacheDir, { recursive: true });
    await download(file, part, { fetch, stallTimeout, ...rest });
    const md5 = await hashOf(part);
    if (md5 !== file.md5) {
      await rm(part, { force: true });
      throw new Error(
        `${file.url} must give a file of MD5 ${file.md5}, and gave one of ${md5}, which was removed`,
      );
    }
    await rename(part, path);
  } catch (cause) {
    options.signal?.throwIfAborted();
    // Another process may have been faster.
    if (await isProved(path, file)) return path;
    throw notFetched(file, path, cause as Error);
  }
  return path;
}

async function isProved(path: string, { size, md5 }: RemoteFile): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.size === size && (await hashOf(path)) === md5;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

function notFetched({ url, size, md5 }: RemoteFile, path: string, cause: Error): Error {
  return new Error(
    `loadImagenetWeights: the weights must be fetched once, and could not be (${cause.message}). Where there is no network:\n` +
      `  fetch ${url} (${size} bytes, MD5 ${md5}) elsewhere\n` +
      `  and put it at ${path}, or pass its path to \`loadWeights\` of @xcp/xception/node.\n` +
      'Another folder is set with `cacheDir` or XCP_CACHE_DIR.',
    { cause },
  );
}
