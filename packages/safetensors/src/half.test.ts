import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromFloat16, toFloat16 } from './half';
import { decodeSafetensors, encodeSafetensors, type NamedArrays } from './index';

const path = new URL('./fixtures/dtypes.safetensors', import.meta.url);
const { tensors } = decodeSafetensors(new Uint8Array(readFileSync(path)));
// Those of generate.py.
const floats = [0, -0, 1, -2.5, 1 / 3, 1e-5, 6e-8, 2 ** -25, 65504, Infinity, -Infinity];
const values = (name: string) => Array.from(tensors[name]!.data);

describe('the types that PyTorch writes', () => {
  it('come in as float32', () => {
    expect(values('F64')).toEqual(floats.map(Math.fround));
    expect(values('F16').slice(0, 4)).toEqual([0, -0, 1, -2.5]);
    expect(values('F16').slice(4)).toEqual([
      1365 / 4096,
      168 * 2 ** -24,
      2 ** -24,
      0,
      65504,
      Infinity,
      -Infinity,
    ]);
    expect(values('BF16').slice(0, 4)).toEqual([0, -0, 1, -2.5]);
    expect(values('BF16')[4]).toBe(171 / 512);
    expect(values('BF16').slice(7)).toEqual([2 ** -25, 65536, Infinity, -Infinity]);
    expect(new Set(['F16', 'BF16', 'F64'].map((name) => tensors[name]!.dtype))).toEqual(new Set(['float32']));
  });

  it('or as int32', () => {
    expect(values('I8')).toEqual([-128, 127]);
    expect(values('U8')).toEqual([0, 255]);
    expect(values('I16')).toEqual([-32768, 32767]);
    expect(values('I64')).toEqual([-2147483648, 2147483647]);
    expect(values('BOOL')).toEqual([1, 0]);
    expect(tensors.I64!.dtype).toBe('int32');
  });
});

describe('float16', () => {
  it('rounds as PyTorch does', () => {
    expect(Array.from(fromFloat16(toFloat16(Float32Array.from(floats))))).toEqual(values('F16'));
  });

  it('gives every half back', () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
    const isNaNCode = (bits: number) => (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0;
    const expected = halves.map((bits) => (isNaNCode(bits) ? (bits & 0x8000) | 0x7e00 : bits));
    // The sign of a NaN is lost in a JavaScript number.
    const unsigned = (bits: number) => (isNaNCode(bits) ? bits & 0x7fff : bits);
    expect(toFloat16(fromFloat16(halves)).map(unsigned)).toEqual(expected.map(unsigned));
  });

  it('takes the nearest half, and of two the even one', () => {
    fc.assert(
      fc.property(fc.float({ min: -65504, max: 65504, noNaN: true, noDefaultInfinity: true }), (value) => {
        const [bits] = toFloat16(Float32Array.of(value)) as unknown as [number];
        const [below, chosen, above] = fromFloat16(
          Uint16Array.of(Math.max(bits - 1, bits & 0x8000), bits, bits + 1),
        ) as unknown as [number, number, number];
        const error = Math.abs(value - chosen);
        for (const other of [below, above]) {
          const otherError = Math.abs(value - other);
          expect(error).toBeLessThanOrEqual(otherError);
          if (other !== chosen && error === otherError) expect(bits % 2).toBe(0);
        }
      }),
    );
  });

  it('is what float32 tensors are stored as when asked for, and int32 stays', () => {
    const given: NamedArrays = {
      weights: { dtype: 'float32', shape: [3], data: Float32Array.of(0.5, -2, 1 / 3) },
      steps: { dtype: 'int32', shape: [], data: Int32Array.of(7) },
    };
    const bytes = encodeSafetensors(given, {}, { float: 'F16' });
    expect(bytes.length).toBe(encodeSafetensors(given).length - 6);
    const { weights, steps } = decodeSafetensors(bytes).tensors;
    expect(Array.from(weights!.data)).toEqual([0.5, -2, 1365 / 4096]);
    expect(steps).toEqual(given.steps);
  });

  it.each([
    [{ float: 'F8' }, "safetensors: `float` must be 'F32' or 'F16', received 'F8'"],
    [{ floats: 'F16' }, 'safetensors: unknown key `floats`; did you mean `float`?'],
  ])('refuses the options %j', (options, message) => {
    expect(() => encodeSafetensors({}, {}, options as never)).toThrow(message);
  });
});
