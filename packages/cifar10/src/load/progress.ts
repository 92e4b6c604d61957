/** Where the data is being taken from. */
export type SourceName = 'cache' | 'directory' | 'npm' | 'official' | 'archive';

/** What `loadCifar10` tells about its progress. */
export interface Cifar10Progress {
  /**
   * `verify`: files on disk are hashed. `download`: an archive is on its way. `extract`: it is decoded, proved and
   * written to the cache. `failed`: a file or a source is passed over, `message` says why.
   */
  readonly phase: 'verify' | 'download' | 'extract' | 'failed';
  readonly source: SourceName;
  /** Bytes done. */
  readonly loaded?: number;
  /** Bytes in all, where known. */
  readonly total?: number;
  readonly message?: string;
}

export type Report = (progress: Cifar10Progress) => void;
