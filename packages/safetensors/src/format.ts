/** One tensor in the header of a safetensors file; offsets count from the end of the header. */
export interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** The file begins with the length of the header as a little-endian 64-bit integer. */
export const PREFIX_BYTES = 8;
