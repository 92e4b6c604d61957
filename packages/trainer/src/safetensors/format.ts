import type { NamedArray } from '../weights';

/** One tensor in the header of a safetensors file; offsets count from the end of the header. */
export interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** The types that TensorFlow.js weights have, under the names that the format gives them. Both take 4 bytes. */
export const formatNames = { float32: 'F32', int32: 'I32' } as const satisfies Record<
  NamedArray['dtype'],
  string
>;

/** The file begins with the length of the header as a little-endian 64-bit integer. */
export const PREFIX_BYTES = 8;
