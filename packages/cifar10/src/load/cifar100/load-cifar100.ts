import { checkInteger, checkKeys } from '../../check';
import type { Cifar100 } from '../../labeled-images';
import { CIFAR100_ARCHIVE, type PublishedFile } from '../../manifest';
import { defaultCacheDir } from '../cache';
import { MAX_TIMEOUT } from '../load-cifar10';
import type { Report } from '../progress';
import { proxyingFetch } from '../proxying-fetch';
import { cachedArchive, faultOfArchive } from './find-archive';
import { readCifar100 } from './read-archive';

export interface LoadCifar100Options {
  /** Folder that keeps the archive (169 MB). Default: `cifar100` in `XCP_CACHE_DIR`, or in the user's cache folder. */
  cacheDir?: string;
  /** Path of a copy of cifar-100-python.tar.gz, which is read where it lies. Default: the cache, then the authors' server. */
  archive?: string;
  /** Told how far it is. */
  onProgress?: Report;
  /** Stops loading. */
  signal?: AbortSignal;
  /** Milliseconds without a byte after which a download is given up. Default 30,000. */
  stallTimeout?: number;
  /** Used for downloads. Default: the global `fetch`, through the proxy that HTTPS_PROXY or HTTP_PROXY names. */
  fetch?: typeof fetch;
}

/**
 * Loads CIFAR-100: 50,000 training and 10,000 test images of 32×32×3 bytes (NHWC), each with the label of its class and
 * of its superclass. They come from the authors' archive for Python, proved by its SHA-256 and read without executing
 * anything.
 *
 * Throws if the archive cannot be had, or is another.
 *
 * @example
 * const { train, test, classNames } = await loadCifar100();
 * const bySuperclass = { ...train, labels: train.coarseLabels };
 *
 * Source: https://www.cs.toronto.edu/~kriz/cifar.html
 */
export async function loadCifar100(options: LoadCifar100Options = {}): Promise<Cifar100> {
  const keys = ['cacheDir', 'archive', 'onProgress', 'signal', 'stallTimeout', 'fetch'];
  checkKeys('loadCifar100', options, keys);
  checkInteger('loadCifar100', 'stallTimeout', options.stallTimeout ?? 1, 1, MAX_TIMEOUT);
  return loadPublished(CIFAR100_ARCHIVE, options);
}

/** Loads from whatever archive is given, for tests too. */
export async function loadPublished(
  published: PublishedFile,
  options: LoadCifar100Options,
): Promise<Cifar100> {
  const { archive, signal, stallTimeout = 30_000, onProgress = () => {} } = options;
  const { cacheDir = defaultCacheDir(process.env, 'cifar100') } = options;
  signal?.throwIfAborted();
  if (archive !== undefined) {
    const fault = await faultOfArchive(archive, { archive: published, signal });
    if (fault === 'missing')
      throw new Error(`loadCifar100: \`archive\` must be a file; nothing is at ${archive}`);
    if (fault)
      throw new Error(`loadCifar100: ${fault}; pass a whole cifar-100-python.tar.gz, or leave it out`);
    return readCifar100(archive, signal);
  }
  const path = await cachedArchive({
    archive: published,
    cacheDir,
    stallTimeout,
    // There is no other source that it could give way to.
    minSpeed: 0,
    slowTimeout: MAX_TIMEOUT,
    fetch: options.fetch ?? proxyingFetch(),
    report: onProgress,
    signal,
  });
  return readCifar100(path, signal);
}
