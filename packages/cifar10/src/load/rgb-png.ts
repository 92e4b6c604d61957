import { inflateSync } from 'node:zlib';
import { CHANNELS } from '../records';

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
/** What comes before a chunk's content, and after it. */
const CHUNK_HEAD = 8;
const CHUNK_TAIL = 4;

/**
 * Decodes a PNG of known size with 8 bits for each of red, green and blue, not interlaced; gives its pixels row by row.
 *
 * Any decoder reads such images. This one needs no more memory than they have by their size, whatever the file says:
 * so it is safe for files that nothing has proved. Throws if the image is another, or is damaged.
 *
 * Source: https://www.w3.org/TR/png-3/
 */
export function decodeRgbPng(name: string, png: Uint8Array, width: number, height: number): Uint8Array {
  const { header, data } = chunksOf(name, png);
  const [w, h] = [header.getUint32(0), header.getUint32(4)];
  if (w !== width || h !== height) {
    throw new Error(`${name} must be a PNG of ${width}×${height} pixels, received ${w}×${h}`);
  }
  const [depth, colour, interlace] = [8, 9, 12].map((offset) => header.getUint8(offset));
  if (depth !== 8 || colour !== 2 || interlace !== 0) {
    throw new Error(
      `${name} must have 8 bits per channel, colour type 2 (red, green, blue) and no interlacing, received ${depth}, ${colour} and ${interlace}`,
    );
  }
  const rowBytes = width * CHANNELS;
  const filtered = inflate(name, data, height * (rowBytes + 1));
  return unfilter(name, filtered, rowBytes, height);
}

/** The header's content and the compressed pixels. */
function chunksOf(name: string, png: Uint8Array): { header: DataView; data: Uint8Array } {
  if (!SIGNATURE.every((byte, i) => png[i] === byte))
    throw new Error(`${name} must be a PNG image, and is none`);
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const parts: Uint8Array[] = [];
  let header: DataView | undefined;
  for (let offset = SIGNATURE.length; offset + CHUNK_HEAD <= png.length; ) {
    const start = offset + CHUNK_HEAD;
    const end = start + view.getUint32(offset);
    const type = String.fromCharCode(...png.subarray(offset + 4, start));
    if (end + CHUNK_TAIL > png.length) break;
    if (type === 'IHDR' && end - start === 13) header = new DataView(png.buffer, png.byteOffset + start, 13);
    if (type === 'IDAT') parts.push(png.subarray(start, end));
    if (type === 'IEND' && header) return { header, data: Buffer.concat(parts) };
    offset = end + CHUNK_TAIL;
  }
  throw new Error(`${name} must be a whole PNG image, and is cut or has no header`);
}

function inflate(name: string, data: Uint8Array, size: number): Uint8Array {
  let inflated: Uint8Array;
  try {
    inflated = inflateSync(data, { maxOutputLength: size });
  } catch (cause) {
    throw new Error(`${name} is damaged: ${(cause as Error).message}`, { cause });
  }
  if (inflated.length === size) return inflated;
  throw new Error(`${name} is damaged: its pixels must be ${size} bytes, received ${inflated.length}`);
}

/** Each row begins with its filter: how its bytes were foretold from those to the left (a), above (b) and both (c). */
function unfilter(name: string, filtered: Uint8Array, rowBytes: number, height: number): Uint8Array {
  const pixels = new Uint8Array(height * rowBytes);
  for (let row = 0; row < height; row++) {
    const from = row * (rowBytes + 1);
    const to = row * rowBytes;
    const filter = filtered[from]!;
    if (filter > 4)
      throw new Error(`${name} is damaged: a filter must be 0 to 4, received ${filter} in row ${row}`);
    for (let i = 0; i < rowBytes; i++) {
      const a = i >= CHANNELS ? pixels[to + i - CHANNELS]! : 0;
      const b = row > 0 ? pixels[to + i - rowBytes]! : 0;
      const c = row > 0 && i >= CHANNELS ? pixels[to + i - rowBytes - CHANNELS]! : 0;
      pixels[to + i] = filtered[from + 1 + i]! + foretold(filter, a, b, c);
    }
  }
  return pixels;
}

function foretold(filter: number, a: number, b: number, c: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return a;
  if (filter === 2) return b;
  if (filter === 3) return (a + b) >> 1;
  const toA = Math.abs(b - c);
  const toB = Math.abs(a - c);
  const toC = Math.abs(a + b - 2 * c);
  if (toA <= toB && toA <= toC) return a;
  return toB <= toC ? b : c;
}
