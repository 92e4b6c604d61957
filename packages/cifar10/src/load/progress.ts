import type { DataFile } from '../manifest';
import type { CIFAR10_SOURCES } from './source';

/** Where the data is being taken from. */
export type SourceName = 'cache' | 'directory' | 'archive' | (typeof CIFAR10_SOURCES)[number];

/** What `loadCifar10` tells about its progress. */
export interface Cifar10Progress {
  /**
   * `verify`: files on disk are hashed. `wait`: another process is filling the cache. `download`: an archive is on its
   * way. `extract`: it is decoded, proved and written to the cache. `failed`: a file or a source is passed over,
   * `message` says why.
   */
  readonly phase: 'verify' | 'wait' | 'download' | 'extract' | 'failed';
  readonly source: SourceName;
  /** Bytes done. */
  readonly loaded?: number;
  /** Bytes in all, where known. */
  readonly total?: number;
  readonly message?: string;
}

export type Report = (progress: Cifar10Progress) => void;

/** Runs `verify` for one file after the other, and reports each that is proved. */
export async function verifyEach(
  files: readonly DataFile[],
  { source, report, signal }: { source: SourceName; report: Report; signal?: AbortSignal },
  verify: (file: DataFile) => Promise<boolean>,
): Promise<void> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let loaded = 0;
  for (const file of files) {
    signal?.throwIfAborted();
    if (!(await verify(file))) continue;
    loaded += file.size;
    report({ phase: 'verify', source, loaded, total, message: file.name });
  }
}
