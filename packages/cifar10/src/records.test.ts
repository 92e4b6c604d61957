import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecords, encodeRecords } from './index';

const RECORD = 3073;
const anyRecords = fc
  .array(
    fc.tuple(fc.integer({ min: 0, max: 9 }), fc.uint8Array({ minLength: RECORD - 1, maxLength: RECORD - 1 })),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((records) => Uint8Array.from(records.flatMap(([label, planes]) => [label, ...planes])));

describe('decodeRecords', () => {
  it('turns the planes of each record into NHWC', () => {
    const bytes = new Uint8Array(2 * RECORD).map((_, i) =>
      i % RECORD === 0 ? 9 - Math.floor(i / RECORD) : i * 31,
    );
    const { images, labels, ...shape } = decodeRecords(bytes);
    expect(shape).toEqual({ length: 2, height: 32, width: 32, channels: 3 });
    expect([...labels]).toEqual([9, 8]);
    for (let n = 0; n < 2; n++)
      for (let y = 0; y < 32; y++)
        for (let x = 0; x < 32; x++)
          for (let c = 0; c < 3; c++) {
            const received = images[((n * 32 + y) * 32 + x) * 3 + c];
            if (received !== bytes[n * RECORD + 1 + c * 1024 + y * 32 + x])
              expect.fail(`${n} ${y} ${x} ${c}`);
          }
  });

  it('is undone by encodeRecords', () => {
    fc.assert(
      fc.property(anyRecords, (bytes) => {
        expect(Buffer.compare(encodeRecords(decodeRecords(bytes)), bytes)).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it.each([0, 1, RECORD - 1, RECORD + 1])('rejects %i bytes', (size) => {
    expect(() => decodeRecords(new Uint8Array(size))).toThrow(
      `whole records of 3073 bytes, received ${size} bytes`,
    );
  });

  it('rejects a label above 9 and names the record', () => {
    const bytes = new Uint8Array(3 * RECORD);
    bytes[2 * RECORD] = 10;
    expect(() => decodeRecords(bytes)).toThrow('must be 0 to 9, received 10 in record 2');
  });
});

describe('encodeRecords', () => {
  const set = decodeRecords(new Uint8Array(RECORD));

  it('rejects images of another size, arrays of another length and labels above 9', () => {
    expect(() => encodeRecords({ ...set, width: 31 })).toThrow('must be 32×32×3, received 32×31×3');
    expect(() => encodeRecords({ ...set, length: 2 })).toThrow('= 6144 bytes, received 3072');
    expect(() => encodeRecords({ ...set, labels: new Uint8Array(2) })).toThrow('(1), received 2');
    expect(() => encodeRecords({ ...set, labels: Uint8Array.of(11) })).toThrow('received 11 for image 0');
  });
});
