import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { decodeRgbPng } from './rgb-png';

const rgb = (width: number, height: number, data: Uint8Array) =>
  Buffer.from(encode({ width, height, channels: 3, depth: 8, data }));

function chunk(type: string, content: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, content, Buffer.alloc(4)]);
}

/** A PNG whose rows are filtered as `rows` say. */
function png(
  width: number,
  height: number,
  rows: Uint8Array,
  [depth, colour, interlace] = [8, 2, 0],
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([depth!, colour!, 0, 0, interlace!], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  const data = deflateSync(rows);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const anyImage = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .chain(([width, height]) => {
    const length = width * height * 3;
    return fc.tuple(
      fc.constant(width),
      fc.constant(height),
      fc.uint8Array({ minLength: length, maxLength: length }),
    );
  });

describe('decodeRgbPng', () => {
  it('undoes what an encoder does', () => {
    fc.assert(
      fc.property(anyImage, ([width, height, data]) => {
        expect(decodeRgbPng('a', rgb(width, height, data), width, height)).toEqual(data);
      }),
    );
  });

  it('knows all five filters', () => {
    // 2×5 pixels, one row for each filter, by hand: 10 added to what is foretold, and 10 alone where nothing is.
    const rows = [0, 1, 2, 3, 4].flatMap((filter) => [filter, 10, 10, 10, 10, 10, 10]);
    expect([...decodeRgbPng('a', png(2, 5, Uint8Array.from(rows)), 2, 5)]).toEqual([
      ...[10, 10, 10, 10, 10, 10],
      ...[10, 10, 10, 20, 20, 20],
      ...[20, 20, 20, 30, 30, 30],
      ...[20, 20, 20, 35, 35, 35],
      // Paeth: to the left 30, above 35, above to the left 20 foretell 35.
      ...[30, 30, 30, 45, 45, 45],
    ]);
  });

  it.each([
    ['another size', png(2, 1, new Uint8Array(7)), 'must be a PNG of 1×1 pixels, received 2×1'],
    ['grey', png(1, 1, new Uint8Array(2), [8, 0, 0]), 'received 8, 0 and 0'],
    ['16 bits', png(1, 1, new Uint8Array(7), [16, 2, 0]), 'received 16, 2 and 0'],
    ['interlacing', png(1, 1, new Uint8Array(4), [8, 2, 1]), 'received 8, 2 and 1'],
    ['too few pixels', png(1, 1, new Uint8Array(3)), 'its pixels must be 4 bytes, received 3'],
    [
      'a filter that there is not',
      png(1, 1, Uint8Array.of(5, 0, 0, 0)),
      'must be 0 to 4, received 5 in row 0',
    ],
    ['no PNG', Buffer.from('<html>'), 'must be a PNG image, and is none'],
    ['nothing', Buffer.alloc(0), 'must be a PNG image, and is none'],
  ])('rejects %s', (_, bytes, message) => {
    expect(() => decodeRgbPng('a', bytes, 1, 1)).toThrow(message);
  });

  it('takes no more memory than the size allows, whatever is packed in it', () => {
    const bomb = png(1, 1, new Uint8Array(50_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    expect(() => decodeRgbPng('a', bomb, 1, 1)).toThrow(
      'a is damaged: Cannot create a Buffer larger than 4 bytes',
    );
  });

  it('gives an image of the right size or an error for altered and cut files', () => {
    const whole = rgb(
      8,
      8,
      new Uint8Array(192).map((_, i) => i * 7),
    );
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3 }), fc.nat(whole.length), (changes, length) => {
        const altered = Buffer.from(whole);
        for (const [place, byte] of changes) altered[place] = byte;
        for (const bytes of [altered, altered.subarray(0, length)]) {
          try {
            expect(decodeRgbPng('a', bytes, 8, 8).length).toBe(192);
          } catch (error) {
            expect((error as Error).message).toMatch(/^a (must|is damaged)/);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
