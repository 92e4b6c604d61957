import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** The hash of a file's content, read in pieces. */
export async function hashFile(
  path: string,
  algorithm: 'sha256' | 'sha512',
  encoding: 'hex' | 'base64',
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { signal })) hash.update(chunk);
  return hash.digest(encoding);
}
