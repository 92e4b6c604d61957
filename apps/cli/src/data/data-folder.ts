import { resolve } from 'node:path';
import { defaultCacheDir } from '@xcp/cifar10/node';

/** Where the files of the data set are looked for: a folder that was named, else the cache. */
export function dataFolder(given: { folder?: string | undefined; cacheDir?: string }, cwd: string): string {
  const named = given.folder ?? given.cacheDir;
  return named === undefined ? defaultCacheDir() : resolve(cwd, named);
}
