import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { decodeRecords } from '../records';
import { stripToRecords } from './strip-records';

const strip = (height: number, channels = 3, width = 1024) =>
  encode({
    width,
    height,
    channels,
    depth: 8,
    data: new Uint8Array(width * height * channels).map((_, i) => i * 7 + (i >> 10)),
  });

describe('stripToRecords', () => {
  it('makes a record of each row and its label', () => {
    const { images, labels, length } = decodeRecords(stripToRecords('strip.png', strip(2), [9, 4]));
    expect([...labels]).toEqual([9, 4]);
    expect(images).toEqual(new Uint8Array(length * 3072).map((_, i) => i * 7 + (i >> 10)));
  });

  it.each([
    ['another height', strip(3), [0, 1], 'strip.png must be a PNG of 1024×2 pixels, received 1024×3'],
    ['another width', strip(2, 3, 1023), [0, 1], 'received 1023×2'],
    ['another number of channels', strip(2, 4), [0, 1], 'must have 8 bits per channel, colour type 2'],
    ['a label above 9', strip(2), [0, 10], 'a label must be 0 to 9, received 10'],
    ['a label that is no number of this form', strip(2), [0, 257], 'received 257'],
    ['no PNG', new Uint8Array(3), [0], 'strip.png must be a PNG image'],
  ])('rejects %s', (_, png, labels, message) => {
    expect(() => stripToRecords('strip.png', png, labels)).toThrow(message);
  });
});
