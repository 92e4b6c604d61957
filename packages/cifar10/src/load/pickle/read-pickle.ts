import { Machine } from './machine';
import { OPCODES } from './opcodes';
import { Reader } from './reader';
import type { PickleValue } from './values';

const STOP = '.'.charCodeAt(0);

/**
 * Reads a pickle of Python 2 (protocols 1 and 2) that holds numbers, strings, lists, dictionaries, tuples and numpy's
 * arrays of bytes. Nothing in it is executed: a call or a name of anything else is an error, and so is an unknown
 * opcode. Strings and arrays are parts of `bytes`, not copies.
 *
 * Source: https://github.com/python/cpython/blob/main/Lib/pickletools.py
 */
export function readPickle(bytes: Uint8Array): PickleValue {
  const reader = new Reader(bytes);
  const machine = new Machine();
  let start = 0;
  try {
    for (;;) {
      start = reader.offset;
      const op = reader.uint8();
      if (op === STOP) return machine.pop();
      const run = OPCODES.get(op);
      if (!run) throw new Error(`the opcode 0x${op.toString(16).padStart(2, '0')} is none that it may have`);
      run(machine, reader);
    }
  } catch (cause) {
    throw new Error(`it is no pickle of CIFAR (byte ${start}): ${(cause as Error).message}`, { cause });
  }
}
