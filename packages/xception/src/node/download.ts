import { type FileHandle, open } from 'node:fs/promises';
import { AnswerError, type RemoteFile, receive } from './receive';

export interface DownloadOptions {
  fetch: typeof fetch;
  /** Milliseconds without a byte after which a connection counts as dead. */
  stallTimeout: number;
  onProgress?: (progress: DownloadProgress) => void;
  signal?: AbortSignal;
}

/** Both in bytes. */
export interface DownloadProgress {
  loaded: number;
  total: number;
}

/** So often is a download taken up again, as long as every attempt brings something. */
const MAX_ATTEMPTS = 20;

/**
 * Writes what is missing of a file to `path`, of which the beginning may be there from an earlier process, and takes
 * a transfer that breaks or falls silent up where it stopped.
 *
 * A piece is written where it belongs, so that processes that fetch the same file at a time do no harm.
 */
export async function download(file: RemoteFile, path: string, options: DownloadOptions): Promise<void> {
  // Neither truncates nor insists that the file is there.
  const handle = await open(path, 'a').then(async (created) => {
    await created.close();
    return open(path, 'r+');
  });
  try {
    let loaded = (await handle.stat()).size;
    // What is longer is of something else.
    if (loaded > file.size) loaded = 0;
    for (let attempt = 1; loaded < file.size; attempt++) {
      const before = loaded;
      const cut = await append(file, handle, loaded, options, (now) => {
        loaded = now;
      });
      options.signal?.throwIfAborted();
      if (cut && (loaded <= before || attempt === MAX_ATTEMPTS)) throw cut;
    }
    await handle.truncate(file.size);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes what one connection brings, and returns what cut it short. */
async function append(
  file: RemoteFile,
  handle: FileHandle,
  start: number,
  { fetch, stallTimeout, onProgress, signal }: DownloadOptions,
  tell: (loaded: number) => void,
): Promise<Error | null> {
  const stall = new AbortController();
  const silence = new Error(`nothing arrived for ${stallTimeout / 1000} s`);
  const watch = () => setTimeout(() => stall.abort(silence), stallTimeout);
  let timer = watch();
  let loaded = start;
  try {
    const signals = signal ? AbortSignal.any([signal, stall.signal]) : stall.signal;
    for await (const { position, bytes } of receive(file, start, { fetch, signal: signals })) {
      clearTimeout(timer);
      await handle.write(bytes, 0, bytes.length, position);
      loaded = position + bytes.length;
      tell(loaded);
      onProgress?.({ loaded, total: file.size });
      timer = watch();
    }
  } catch (cause) {
    if (cause instanceof AnswerError) throw cause;
    return new Error(`${file.url}: ${reasonOf(cause as Error)} (after ${loaded} bytes)`, { cause });
  } finally {
    clearTimeout(timer);
  }
  return loaded === file.size
    ? null
    : new Error(`${file.url} must give ${file.size} bytes, and gave ${loaded}`);
}

/** `fetch` itself only says that it failed; why stands in the cause. */
function reasonOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
