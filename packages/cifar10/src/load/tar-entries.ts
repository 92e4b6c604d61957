import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';

export interface TarMember {
  /** The last part of the member's path. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The largest archive of the data set unpacks to 190 MB; a small file can be made to unpack without end. */
export const MAX_UNPACKED_BYTES = 1_000_000_000;

export interface TarEntriesOptions {
  /** The most bytes that a member of this name may have, and nothing for one that is to be skipped. */
  maxSize: (name: string) => number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * The members of an unpacked tar that `maxSize` knows, in its order and one at a time in memory; `path` is for errors.
 *
 * Throws if it is cut or no tar, or if it holds a link or a path that leaves the folder: no copy of the data set has
 * one, so such an archive is not trusted at all.
 */
export async function* tarEntries(
  path: string,
  unpacked: ReadableStream<Uint8Array>,
  { maxSize, signal }: TarEntriesOptions,
): AsyncGenerator<TarMember> {
  try {
    for await (const entry of each(unpacked.pipeThrough(createTarDecoder({ strict: true })))) {
      signal?.throwIfAborted();
      checkIsSafe(path, entry);
      const name = entry.header.name.split('/').pop()!;
      const limit = entry.header.type === 'directory' ? undefined : maxSize(name);
      if (limit === undefined) {
        await drain(entry);
        continue;
      }
      if (entry.header.size > limit) {
        throw new Error(`${name} must be at most ${limit} bytes, received ${entry.header.size}`);
      }
      yield { name, bytes: await readAll(entry) };
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw new Error(`${path} cannot be read as a .tar.gz archive: ${(cause as Error).message}`, { cause });
  }
}

/** Throws unless a file begins as gzip does. */
export function checkIsGzip(path: string, start: Uint8Array): void {
  if (start[0] === 0x1f && start[1] === 0x8b) return;
  const beginning = JSON.stringify(String.fromCharCode(...start.subarray(0, 24)));
  throw new Error(`${path} must be a .tar.gz archive, received a file that begins with ${beginning}`);
}

function checkIsSafe(path: string, { header }: ParsedTarEntry): void {
  const { name, type } = header;
  if (type !== undefined && type !== 'file' && type !== 'directory') {
    throw new Error(`${path} must hold plain files and folders only, received the ${type} ${name}`);
  }
  if (/^([/\\]|[a-z]:)/i.test(name) || name.split(/[/\\]/).includes('..')) {
    throw new Error(`${path} must hold no path that leaves its folder, received ${name}`);
  }
}

/** What a stream gives. Not every browser has them iterate by themselves. */
async function* each<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}

/** Reads a member to its end: to cancel one that is short would, in modern-tar 0.8.6, cut the next one off. */
async function drain({ body }: ParsedTarEntry): Promise<void> {
  for await (const _ of each(body)) {
    // Nothing in it is wanted.
  }
}

async function readAll({ header, body }: ParsedTarEntry): Promise<Uint8Array> {
  const bytes = new Uint8Array(header.size);
  let offset = 0;
  for await (const chunk of each(body)) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
