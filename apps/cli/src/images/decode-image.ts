import { convertIndexedToRgb, decode, hasPngSignature } from 'fast-png';
import jpeg from 'jpeg-js';
import { messageOf } from '../errors';
import type { RgbImage } from '../figures/png';

/** Pixels and megabytes that a JPEG may take: a small file can say that it is enormous. */
const JPEG_LIMITS = { maxResolutionInMP: 100, maxMemoryUsageInMB: 1024 };

/**
 * The pixels of a PNG or JPEG file of any size, depth and number of channels, as RGB bytes; what is transparent is
 * laid on white.
 *
 * @throws if the bytes are neither, or damaged.
 */
export function decodeImage(bytes: Uint8Array): RgbImage {
  if (bytes.length === 0) throw new Error('it is empty');
  if (hasPngSignature(bytes)) return whole('PNG', () => decodePng(bytes));
  if (bytes[0] === 0xff && bytes[1] === 0xd8) {
    return whole('JPEG', () => {
      const { width, height, data } = jpeg.decode(bytes, { useTArray: true, ...JPEG_LIMITS });
      return onWhite(width, height, 4, data, 255);
    });
  }
  throw new Error('it is neither a PNG nor a JPEG');
}

/** What the decoders say of a file that ends too early is about their own affairs. */
function whole(kind: string, decodeAll: () => RgbImage): RgbImage {
  try {
    return decodeAll();
  } catch (error) {
    throw new Error(`a ${kind} that is damaged or cut short: ${messageOf(error)}`);
  }
}

function decodePng(bytes: Uint8Array): RgbImage {
  const png = decode(bytes);
  const { width, height, depth, palette } = png;
  if (palette) {
    const channels = palette[0]!.length;
    return onWhite(width, height, channels, convertIndexedToRgb(png), 255);
  }
  const data = depth < 8 ? unpacked(png.data as Uint8Array, width, height, depth) : png.data;
  return onWhite(width, height, png.channels, data, 2 ** depth - 1);
}

/** Samples of less than a byte, of which every row begins with a byte of its own. */
function unpacked(data: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  const perByte = 8 / depth;
  const rowBytes = Math.ceil(width / perByte);
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const column = i % width;
    const byte = data[Math.floor(i / width) * rowBytes + Math.floor(column / perByte)]!;
    return (byte >> (8 - depth * ((column % perByte) + 1))) & (2 ** depth - 1);
  });
}

/** One to four channels as RGB: grey, grey and alpha, RGB, RGB and alpha. */
function onWhite(
  width: number,
  height: number,
  channels: number,
  samples: ArrayLike<number>,
  most: number,
): RgbImage {
  const data = new Uint8Array(width * height * 3);
  const colours = channels < 3 ? 1 : 3;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const at = pixel * channels;
    const alpha = channels % 2 === 0 ? samples[at + channels - 1]! / most : 1;
    for (let channel = 0; channel < 3; channel++) {
      const value = samples[at + (colours === 1 ? 0 : channel)]! / most;
      data[3 * pixel + channel] = Math.round(255 * (alpha * value + 1 - alpha));
    }
  }
  return { width, height, data };
}
