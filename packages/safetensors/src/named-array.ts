/** A tensor as plain data. */
export interface NamedArray {
  dtype: 'float32' | 'int32';
  shape: number[];
  data: Float32Array | Int32Array;
}

/** Tensors as plain data, by name. */
export type NamedArrays = Record<string, NamedArray>;
