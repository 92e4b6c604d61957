import { createHash } from 'node:crypto';
import type { DataFile } from '../manifest';

/** Says what is wrong with `bytes` as a copy of `file`, or nothing if size and SHA-256 are as they must be. */
export function faultOf(bytes: Uint8Array, file: DataFile): string | undefined {
  if (bytes.length !== file.size) return `must be ${file.size} bytes, received ${bytes.length}`;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== file.sha256) return `must have the SHA-256 ${file.sha256}, received ${sha256}`;
  return undefined;
}
