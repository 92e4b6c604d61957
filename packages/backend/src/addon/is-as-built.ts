import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * Whether the addon has the bytes that the build has seen loading (scripts/record-addon.mjs); `undefined` where it left
 * no note.
 *
 * @throws where the addon cannot be read.
 */
export function isAsBuilt(file: string): boolean | undefined {
  let note: string;
  try {
    note = readFileSync(`${file}.sha256`, 'utf8');
  } catch {
    return undefined;
  }
  return createHash('sha256').update(readFileSync(file)).digest('hex') === note.trim();
}
