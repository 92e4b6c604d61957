import { createHash } from 'node:crypto';

/** A number from 0 to 1, without 1, that is a pure function of the arguments. */
export function random(...path: (string | number)[]): number {
  return createHash('sha256').update(JSON.stringify(path)).digest().readUInt32BE() / 2 ** 32;
}
