import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c';
import { fileVersion, scalars, sessionStart, text } from './event';
import { masked, tfRecord } from './record';

const golden = JSON.parse(readFileSync(new URL('../fixtures/tensorboard.json', import.meta.url), 'utf8'));

describe('crc32c', () => {
  it.each([
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['32 rising', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['32 falling', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    ['the check of the catalogue', new TextEncoder().encode('123456789'), 0xe3069283],
    ['nothing', new Uint8Array(), 0],
  ])('is that of RFC 3720 for %s', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  it('is rotated by 15 bits and shifted by the constant of TensorFlow', () => {
    expect(masked(0)).toBe(0xa282ead8);
    expect(masked(0x8000)).toBe(0xa282ead9);
    expect(masked(1)).toBe(0xa284ead8);
  });
});

it('events have the bytes that the package of TensorBoard writes', () => {
  const at = (wallTime: number, step: number) => ({ wallTime, step });
  const events = [
    fileVersion(at(1764000000.25, 0)),
    sessionStart(at(1764000000.25, 301)),
    text(at(1764000001.5, 300), 'config', 'a **b** – c'),
    scalars(at(1764000002.75, 70_000), { 'train/loss': 1.25, 'train/learningRate': 0.1 }),
  ];
  expect(Buffer.concat(events.map(tfRecord)).toString('base64')).toBe(golden.file);
});
