import { type FileHandle, open } from 'node:fs/promises';
import { AnswerError, type Part, request } from './request';
import { watchForStall } from './stall-watch';

export interface DownloadOptions {
  readonly fetch: typeof fetch;
  /** Milliseconds without a byte after which a connection counts as dead. */
  readonly stallTimeout: number;
  /** Bytes that the whole must have, where that is known beforehand. */
  readonly size?: number;
  readonly onProgress?: (loaded: number, total?: number) => void;
  readonly signal?: AbortSignal;
}

/** So often is a download taken up again, as long as every attempt brings something. */
const MAX_ATTEMPTS = 20;

/** The connection could not be made, broke or fell silent. */
class ConnectionError extends Error {}

/**
 * Writes what `url` gives to a new file at `path`, and takes a cut or stalled transfer up where it stopped.
 *
 * Throws if the answer is an error, a web page, or of another length than `size`.
 */
export async function download(url: string, path: string, options: DownloadOptions): Promise<void> {
  const handle = await open(path, 'wx');
  const part: Part = { loaded: 0, start: 0 };
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        return await appendRest(url, handle, part, options);
      } catch (error) {
        options.signal?.throwIfAborted();
        const hasBrought = part.loaded > part.start;
        if (!(error instanceof ConnectionError) || !hasBrought || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  } finally {
    await handle.close();
  }
}

async function appendRest(
  url: string,
  handle: FileHandle,
  part: Part,
  options: DownloadOptions,
): Promise<void> {
  for await (const chunk of receive(url, part, options)) {
    // The server may have begun again from the first byte.
    if (part.loaded === 0) await handle.truncate(0);
    await handle.write(chunk, 0, chunk.length, part.loaded);
    part.loaded += chunk.length;
    options.onProgress?.(part.loaded, part.total ?? options.size);
  }
  const expected = part.total ?? options.size;
  if (expected !== undefined && part.loaded !== expected) {
    throw new ConnectionError(`${url} must give ${expected} bytes, and gave ${part.loaded}`);
  }
}

/** What one connection brings, until it ends, breaks or falls silent. */
async function* receive(url: string, part: Part, options: DownloadOptions): AsyncGenerator<Uint8Array> {
  const watch = watchForStall(options.stallTimeout, options.signal);
  part.start = part.loaded;
  try {
    for await (const chunk of await request(url, part, { ...options, signal: watch.signal })) {
      watch.reset();
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof AnswerError) throw cause;
    throw new ConnectionError(`${url}: ${reasonOf(cause as Error)} (after ${part.loaded} bytes)`, { cause });
  } finally {
    watch.end();
  }
}

/** `fetch` itself only says that it failed; why stands in the cause. */
function reasonOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
