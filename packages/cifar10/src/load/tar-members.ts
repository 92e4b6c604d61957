import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';

export interface TarMember {
  /** The last part of the member's path. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The largest archive of the data set unpacks to 190 MB; a small file can be made to unpack without end. */
const MAX_UNPACKED_BYTES = 1_000_000_000;

/**
 * Streams the members of a .tar.gz file that `maxSize` knows, in the archive's order and one at a time in memory.
 *
 * `maxSize` gives the most bytes that a member of this name may have, and nothing for one that is to be skipped;
 * `maxUnpacked` is the most that all of it may unpack to.
 * Nothing is written to disk. Throws if the archive is cut or no .tar.gz, or if it holds a link or a path that
 * leaves the folder: no copy of the data set has one, so such an archive is not trusted at all.
 */
export async function* tarMembers(
  path: string,
  maxSize: (name: string) => number | undefined,
  signal?: AbortSignal,
  maxUnpacked = MAX_UNPACKED_BYTES,
): AsyncGenerator<TarMember> {
  await checkIsGzip(path);
  const entries = gunzip(path, maxUnpacked, signal).pipeThrough(createTarDecoder({ strict: true }));
  try {
    for await (const entry of entries) {
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

/**
 * The unpacked content as a web stream, made by hand: Node 20's own `DecompressionStream` ends the process with
 * "Controller is already closed" when it is left before its end.
 */
function gunzip(path: string, maxUnpacked: number, signal?: AbortSignal): ReadableStream<Uint8Array> {
  // A failure of either reaches the reader through the second.
  const unpacked = pipeline(createReadStream(path, { signal }), createGunzip(), () => {});
  const chunks: AsyncIterator<Uint8Array> = unpacked[Symbol.asyncIterator]();
  let size = 0;
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) return controller.close();
      size += value.length;
      if (size <= maxUnpacked) return controller.enqueue(value);
      await chunks.return?.();
      controller.error(new Error(`it unpacks to more than ${maxUnpacked} bytes`));
    },
    async cancel() {
      await chunks.return?.();
    },
  });
}

async function checkIsGzip(path: string): Promise<void> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    if (buffer[0] === 0x1f && buffer[1] === 0x8b) return;
    const beginning = JSON.stringify(buffer.toString('latin1', 0, Math.min(bytesRead, 24)));
    throw new Error(`${path} must be a .tar.gz archive, received a file that begins with ${beginning}`);
  } finally {
    await handle.close();
  }
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

/** Reads a member to its end: to cancel one that is short would, in modern-tar 0.8.6, cut the next one off. */
async function drain({ body }: ParsedTarEntry): Promise<void> {
  for await (const _ of body) {
    // Nothing in it is wanted.
  }
}

async function readAll({ header, body }: ParsedTarEntry): Promise<Uint8Array> {
  const bytes = new Uint8Array(header.size);
  let offset = 0;
  for await (const chunk of body) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
