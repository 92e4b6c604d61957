import type { FileHandle } from 'node:fs/promises';
import type { AsyncBuffer } from 'hyparquet';

/** An open file as hyparquet reads it; a place outside of it is an error, and is not asked for. */
export function fileBuffer(handle: FileHandle, byteLength: number): AsyncBuffer {
  return {
    byteLength,
    async slice(start, end = byteLength) {
      if (!(start >= 0 && start <= end && end <= byteLength)) {
        throw new Error(`the bytes ${start} to ${end} must lie in a file of ${byteLength}`);
      }
      const bytes = new Uint8Array(end - start);
      let offset = 0;
      while (offset < bytes.length) {
        const { bytesRead } = await handle.read(bytes, offset, bytes.length - offset, start + offset);
        if (bytesRead === 0) throw new Error(`it ends at byte ${start + offset}`);
        offset += bytesRead;
      }
      return bytes.buffer;
    },
  };
}
