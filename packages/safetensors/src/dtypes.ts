import { fromBfloat16, fromFloat16 } from './half';
import type { NamedArray } from './named-array';

type Values = Pick<NamedArray, 'dtype' | 'data'>;

/** How a type of the format is read: its size, and its little-endian bytes, aligned, as float32 or int32. */
interface Reader {
  bytes: number;
  read: (buffer: ArrayBuffer) => Values;
}

const float = (bytes: number, values: (buffer: ArrayBuffer) => Float32Array): Reader => ({
  bytes,
  read: (buffer) => ({ dtype: 'float32', data: values(buffer) }),
});

const integer = (bytes: number, values: (buffer: ArrayBuffer) => ArrayLike<number | bigint>): Reader => ({
  bytes,
  read: (buffer) => ({ dtype: 'int32', data: toInt32(values(buffer)) }),
});

/** By the names that the format gives them. Eight-bit floats have several readings, and stay out. */
export const readers: Record<string, Reader> = {
  F32: float(4, (buffer) => new Float32Array(buffer)),
  F16: float(2, (buffer) => fromFloat16(new Uint16Array(buffer))),
  BF16: float(2, (buffer) => fromBfloat16(new Uint16Array(buffer))),
  F64: float(8, (buffer) => Float32Array.from(new Float64Array(buffer))),
  I32: { bytes: 4, read: (buffer) => ({ dtype: 'int32', data: new Int32Array(buffer) }) },
  I8: integer(1, (buffer) => new Int8Array(buffer)),
  I16: integer(2, (buffer) => new Int16Array(buffer)),
  I64: integer(8, (buffer) => new BigInt64Array(buffer)),
  U8: integer(1, (buffer) => new Uint8Array(buffer)),
  U16: integer(2, (buffer) => new Uint16Array(buffer)),
  U32: integer(4, (buffer) => new Uint32Array(buffer)),
  U64: integer(8, (buffer) => new BigUint64Array(buffer)),
  BOOL: integer(1, (buffer) => new Uint8Array(buffer)),
};

function toInt32(values: ArrayLike<number | bigint>): Int32Array {
  return Int32Array.from(values as ArrayLike<number>, (value) => {
    const number = Number(value);
    if (number !== (number | 0)) throw new RangeError(String(value));
    return number;
  });
}
