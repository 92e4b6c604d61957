import type { BackendValues, DataId, DataType } from '@tensorflow/tfjs-core';
import type { Allocator } from './allocator';
import type { Values } from './library';
import type { Plan } from './plan';

/** Values in memory. Several tensors of ours may have them. */
export interface Data {
  address: number;
  bytes: number;
  /** Who takes the memory back; nobody where it belongs to a traced function's program. */
  owner: Allocator | undefined;
  /** How many entries have it. */
  users: number;
  /** Counts changes in place. */
  version: number;
  /** How the values are computed, as long as nobody has needed them. */
  later?: Later;
}

/** What TensorFlow.js knows as data by its `DataId`. */
export interface Entry {
  data: Data;
  /** Elements. */
  size: number;
  dtype: DataType;
  refCount: number;
  /** Of what this is another name; itself where it is none. */
  origin: DataId;
  /** Strings stay in JavaScript. */
  strings?: Uint8Array[];
}

/** Values that are computed when somebody needs them. */
export interface Later {
  plan: Plan;
  /** Names of what it takes, which are its own. */
  held: readonly DataId[];
  /** Writes the values into the tensor of this name. */
  compute(into: DataId): void;
}

export function emptyValues(dtype: DataType, size: number): Values {
  if (dtype === 'float32') return new Float32Array(size);
  if (dtype === 'int32') return new Int32Array(size);
  if (dtype === 'bool') return new Uint8Array(size);
  throw new Error(
    `xcp backend: tensors of dtype ${dtype} are not supported, use float32, int32, bool or string`,
  );
}

export function typedValues(values: BackendValues, dtype: DataType): Values {
  if (dtype === 'float32' && values instanceof Float32Array) return values;
  if (dtype === 'int32' && values instanceof Int32Array) return values;
  if (dtype === 'bool' && values instanceof Uint8Array) return values;
  const typed = emptyValues(dtype, values.length);
  typed.set(values as ArrayLike<number>);
  return typed;
}

/** Bytes of a tensor's values. */
export function bytesIn(dtype: DataType, size: number): number {
  return dtype === 'string' ? 0 : emptyValues(dtype, 0).BYTES_PER_ELEMENT * size;
}
