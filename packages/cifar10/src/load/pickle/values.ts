/** A string of bytes: Python 2 makes no other. */
export type PickleBytes = Uint8Array;

export class Tuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

/** An array of bytes with a shape, in C's order (the last index runs fastest) unless `isFortran`. */
export class ByteArray {
  shape: readonly number[] = [0];
  isFortran = false;
  data: Uint8Array = new Uint8Array(0);
}

/** The only element type that an array may have: unsigned bytes. */
export class ByteType {}

/** One of the few names that a pickle may mention; it stands for itself and is never looked up. */
export class Global {
  constructor(readonly name: string) {}
}

export type PickleValue =
  | null
  | boolean
  | number
  | PickleBytes
  | PickleValue[]
  | Map<string, PickleValue>
  | Tuple
  | ByteArray
  | ByteType
  | Global;

const decoder = new TextDecoder('latin1');

/** The letters of a string of bytes. */
export const textOf = (bytes: PickleBytes): string => decoder.decode(bytes);

/** What kind of thing a value is, for messages. */
export function kindOf(value: PickleValue | undefined): string {
  if (value === null || typeof value !== 'object') return String(value);
  if (value instanceof Uint8Array) return 'a string';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Map) return 'a dictionary';
  if (value instanceof Global) return value.name;
  return (
    { Tuple: 'a tuple', ByteArray: 'an array', ByteType: 'a type' }[value.constructor.name] ?? 'an object'
  );
}
