import { MAX_UNPACKED_BYTES } from '../load/tar-entries';

/** What a gzip file unpacks to; an error where that is more than any archive of the data set does. */
export function unpacked(file: Blob, most = MAX_UNPACKED_BYTES): ReadableStream<Uint8Array> {
  let size = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.length;
      if (size > most) throw new Error(`it unpacks to more than ${most} bytes`);
      controller.enqueue(chunk);
    },
  });
  return file.stream().pipeThrough(new DecompressionStream('gzip')).pipeThrough(counted);
}
