import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { checkIsGzip, MAX_UNPACKED_BYTES, type TarMember, tarEntries } from './tar-entries';

/**
 * Streams the members of a .tar.gz file that `maxSize` knows, in the archive's order and one at a time in memory.
 *
 * `maxSize` gives the most bytes that a member of this name may have, and nothing for one that is to be skipped;
 * `maxUnpacked` is the most that all of it may unpack to.
 * Nothing is written to disk. Throws as {@link tarEntries} does.
 */
export async function* tarMembers(
  path: string,
  maxSize: (name: string) => number | undefined,
  signal?: AbortSignal,
  maxUnpacked = MAX_UNPACKED_BYTES,
): AsyncGenerator<TarMember> {
  checkIsGzip(path, await beginning(path));
  yield* tarEntries(path, gunzip(path, maxUnpacked, signal), { maxSize, signal });
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

async function beginning(path: string): Promise<Uint8Array> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
