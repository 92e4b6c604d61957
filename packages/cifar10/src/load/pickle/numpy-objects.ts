import { ByteArray, ByteType, Global, kindOf, type PickleValue, Tuple, textOf } from './values';

/** The names that numpy's arrays of bytes need, and no others. */
const RECONSTRUCT = 'numpy.core.multiarray _reconstruct';
const NDARRAY = 'numpy ndarray';
const DTYPE = 'numpy dtype';
const GLOBALS = [RECONSTRUCT, NDARRAY, DTYPE];

/** The name as a mark of itself; throws if it is none of numpy's. */
export function globalOf(module: string, name: string): Global {
  const full = `${module} ${name}`;
  if (!GLOBALS.includes(full)) {
    throw new Error(`it asks for ${JSON.stringify(full)}, and only arrays of bytes are made; nothing is run`);
  }
  return new Global(full);
}

/** What a call in the pickle stands for. Nothing is called: the two calls of numpy are known by name. */
export function reduce(callee: PickleValue, argument: PickleValue): PickleValue {
  const name = callee instanceof Global ? callee.name : undefined;
  const items = argument instanceof Tuple ? argument.items : [];
  if (name === RECONSTRUCT && items[0] instanceof Global && items[0].name === NDARRAY) return new ByteArray();
  if (name === DTYPE) {
    const type = items[0] instanceof Uint8Array ? textOf(items[0]) : kindOf(items[0]);
    if (type === 'u1') return new ByteType();
    throw new Error(`an array must be of unsigned bytes ("u1"), received ${JSON.stringify(type)}`);
  }
  throw new Error(`it calls ${kindOf(callee)}, and only arrays of bytes are made; nothing is run`);
}

/** Gives an array its content, as numpy writes it down: version, shape, type, order, bytes. */
export function build(target: PickleValue, state: PickleValue): void {
  // Of an element type: its byte order and the like, which mean nothing for single bytes.
  if (target instanceof ByteType) return;
  if (!(target instanceof ByteArray) || !(state instanceof Tuple)) {
    throw new Error(`it sets the state of ${kindOf(target)} to ${kindOf(state)}`);
  }
  const [, shape, type, isFortran, data] = state.items;
  const sizes = shape instanceof Tuple ? shape.items : [];
  const isShape = sizes.length > 0 && sizes.every((size) => typeof size === 'number' && size >= 0);
  if (!isShape || !(type instanceof ByteType) || !(data instanceof Uint8Array)) {
    throw new Error('the state of an array must be its shape, type, order and bytes');
  }
  const count = (sizes as number[]).reduce((product, size) => product * size, 1);
  if (count !== data.length) {
    throw new Error(`an array of ${sizes.join('×')} must hold ${count} bytes, received ${data.length}`);
  }
  // Protocol 1 writes it as the number 0 or 1.
  Object.assign(target, { shape: sizes, isFortran: isFortran === true || isFortran === 1, data });
}
