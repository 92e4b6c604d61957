import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type NamedArrays } from './index';

const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`./fixtures/${name}`, import.meta.url)));

const metadata = { format: 'tfjs', note: 'häuser' };
const tensors: NamedArrays = {
  'conv/kernel': {
    dtype: 'float32',
    shape: [1, 3, 2, 2],
    data: Float32Array.from({ length: 12 }, (_, i) => i / 8 - 0.5),
  },
  scalar: { dtype: 'float32', shape: [], data: Float32Array.of(-0) },
  steps: { dtype: 'int32', shape: [3], data: Int32Array.of(-1, 0, 2147483647) },
  empty: { dtype: 'float32', shape: [0, 2], data: new Float32Array(0) },
};

/** A file with this header and this many bytes of data. */
function file(header: unknown, dataBytes: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

describe('safetensors', () => {
  it("reads what Python's safetensors wrote", () => {
    expect(decodeSafetensors(fixture('python.safetensors'))).toEqual({ tensors, metadata });
  });

  it("writes what Python's safetensors has read", () => {
    expect(encodeSafetensors(tensors, metadata)).toEqual(fixture('xcp.safetensors'));
  });

  it('gives back what it was given, bit by bit, wherever the bytes stand in their buffer', () => {
    const tensor = fc
      .tuple(fc.boolean(), fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 }))
      .chain(([float, shape]) => {
        const length = shape.reduce((product, n) => product * n, 1);
        return fc
          .uint8Array({ minLength: 4 * length, maxLength: 4 * length })
          .map(({ buffer }) =>
            float
              ? { dtype: 'float32' as const, shape, data: new Float32Array(buffer) }
              : { dtype: 'int32' as const, shape, data: new Int32Array(buffer) },
          );
      });
    const name = fc.string().filter((key) => key !== '__metadata__' && key !== '__proto__');
    fc.assert(
      fc.property(fc.dictionary(name, tensor, { noNullPrototype: true }), fc.nat(9), (given, shift) => {
        const bytes = encodeSafetensors(given);
        const shifted = new Uint8Array(bytes.length + shift);
        shifted.set(bytes, shift);
        const { tensors: received } = decodeSafetensors(
          shift % 2 ? Buffer.from(shifted).subarray(shift) : shifted.subarray(shift),
        );
        expect(Object.keys(received)).toEqual(Object.keys(given));
        for (const [key, { data, ...rest }] of Object.entries(given)) {
          expect(received[key]).toMatchObject(rest);
          expect(new Uint8Array(received[key]!.data.buffer)).toEqual(new Uint8Array(data.buffer));
        }
      }),
    );
  });

  it('refuses bytes that are cut short anywhere', () => {
    const bytes = encodeSafetensors(tensors, metadata);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSafetensors(bytes.subarray(0, length))).toThrow('damaged or cut short');
    }
  });

  const entry = (data_offsets: unknown, shape: unknown = [1], dtype = 'F32') => ({
    dtype,
    shape,
    data_offsets,
  });
  it.each([
    [
      { a: entry([0, 1], [1], 'F8_E4M3') },
      1,
      "safetensors: 'a' must be one of F32, F16, BF16, F64, I32, I8, I16, I64, U8, U16, U32, U64, BOOL, received 'F8_E4M3'; convert it first",
    ],
    [{ a: entry([0, 8]) }, 8, "'a' within its 8 bytes of data"],
    [{ a: entry([4, 8]) }, 4, "'a' within its 4 bytes of data"],
    [{ a: entry([-4, 0]) }, 4, "'a' within its 4 bytes of data"],
    [{ a: entry('0') }, 4, "'a' within its 4 bytes of data"],
    [{ a: entry([0, 4], [-1]) }, 4, "'a' within its 4 bytes of data"],
    [{ a: null }, 4, "'a' must be one of F32"],
    [{ a: entry([0, 4]), b: entry([0, 4]) }, 4, 'side by side, received a start at 0 after 4'],
    [{ a: entry([0, 4]), b: entry([8, 12]) }, 12, 'side by side, received a start at 8 after 4'],
    [{ a: entry([0, 4]) }, 8, '4 bytes of data, received 8'],
    ['not JSON', 0, "a header in JSON, received 'not JSON'"],
    ['7', 0, 'an object, received 7'],
  ])('refuses the header %j', (header, dataBytes, message) => {
    expect(() => decodeSafetensors(file(header, dataBytes))).toThrow(message);
  });

  it.each([
    ['U32', 4, '4294967295'],
    ['U64', 8, '18446744073709551615'],
  ])('refuses %s beyond 32 bits', (dtype, size, value) => {
    const bytes = file({ a: entry([0, size], [1], dtype) }, size).fill(0xff, -size);
    expect(() => decodeSafetensors(bytes)).toThrow(
      `safetensors: 'a' must hold integers of 32 bits, received ${value}; convert it first`,
    );
  });

  it('refuses a tensor with the name of the metadata', () => {
    expect(() => encodeSafetensors({ __metadata__: tensors.scalar! })).toThrow(
      "another name than '__metadata__'",
    );
  });
});
