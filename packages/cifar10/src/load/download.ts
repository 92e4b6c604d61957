import type { FileHandle } from 'node:fs/promises';
import { storing } from './file-errors';
import { discardPart, openPart, type Part, restartPart, savePart } from './part-file';
import { AnswerError, request } from './request';
import { TooSlowError, type TransferLimits, watchTransfer } from './transfer-watch';

export interface DownloadOptions extends TransferLimits {
  readonly fetch: typeof fetch;
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
 * Writes what `url` gives to the file at `path`, and takes up where it stopped a transfer that was cut or stalled, or
 * that an earlier process left there. Gives whether anything of an earlier process is in it.
 *
 * Throws if the answer is an error, a web page, or of another length than `size`, or if it comes too slowly. What has
 * arrived until then stays.
 */
export async function download(url: string, path: string, options: DownloadOptions): Promise<boolean> {
  const { handle, part } = await openPart(path, url);
  const earlier = part.loaded;
  let begunAnew = false;
  const begin = async () => {
    begunAnew = true;
    await restartPart(path, url, handle, part);
  };
  try {
    for (let attempt = 1; !isWhole(part, options.size); attempt++) {
      try {
        await appendRest(url, handle, part, begin, options);
        if (part.total === undefined) await savePart(path, url, { ...part, total: part.loaded });
        break;
      } catch (error) {
        options.signal?.throwIfAborted();
        const hasBrought = part.loaded > part.start;
        if (!(error instanceof ConnectionError) || !hasBrought || attempt === MAX_ATTEMPTS) throw error;
      }
    }
    return earlier > 0 && !begunAnew;
  } finally {
    await handle.close();
    if (earlier === 0 && !begunAnew) await discardPart(path);
  }
}

const isWhole = ({ loaded, total }: Part, size?: number) => loaded > 0 && loaded === (total ?? size);

async function appendRest(
  url: string,
  handle: FileHandle,
  part: Part,
  begin: () => Promise<void>,
  options: DownloadOptions,
): Promise<void> {
  for await (const chunk of receive(url, part, options)) {
    // The first bytes of all, or the server began again from there.
    if (part.loaded === 0) await begin();
    await storing(handle.write(chunk, 0, chunk.length, part.loaded));
    part.loaded += chunk.length;
    options.onProgress?.(part.loaded, part.total ?? options.size);
  }
  const expected = part.total ?? options.size;
  if (expected !== undefined && part.loaded !== expected) {
    throw new ConnectionError(`${url} must give ${expected} bytes, and gave ${part.loaded}`);
  }
}

/** What one connection brings, until it ends, breaks, falls silent or is too slow. */
async function* receive(url: string, part: Part, options: DownloadOptions): AsyncGenerator<Uint8Array> {
  const watch = watchTransfer(options, options.signal);
  part.start = part.loaded;
  try {
    for await (const chunk of await request(url, part, { ...options, signal: watch.signal })) {
      watch.received(chunk.length);
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof AnswerError) throw cause;
    const reason = watch.reason() ?? (cause as Error);
    const message = `${url}: ${reasonOf(reason)} (after ${part.loaded} bytes)`;
    throw new (reason instanceof TooSlowError ? TooSlowError : ConnectionError)(message, { cause });
  } finally {
    watch.end();
  }
}

/** `fetch` itself only says that it failed; why stands in the cause. */
function reasonOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
