import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { errorCode, type FileSystem } from './file-system';

/** The sizes and the hashes of a checkpoint's files. Written last, it makes the checkpoint valid. */
export interface Manifest {
  format: 1;
  files: Record<string, FileProof>;
}

export interface FileProof {
  size: number;
  sha256: string;
}

export const MANIFEST = 'manifest.json';

/**
 * The files of a checkpoint's folder, proved by its manifest, and of the `optional` ones those that it names; throws if
 * one is missing or differs.
 */
export async function readVerified(
  folder: string,
  names: readonly string[],
  fs: FileSystem,
  optional: readonly string[] = [],
): Promise<Record<string, Uint8Array>> {
  const manifest = await readManifest(folder, fs);
  const files: Record<string, Uint8Array> = {};
  for (const name of [...names, ...optional.filter((name) => manifest.files[name])]) {
    const stated = manifest.files[name];
    if (!stated) throw new Error(`${MANIFEST} does not name ${name}`);
    const bytes = await readIfThere(join(folder, name), fs);
    if (bytes === null) throw new Error(`${name} is missing`);
    if (bytes.length !== stated.size) {
      throw new Error(`${name} must have ${stated.size} bytes, received ${bytes.length}`);
    }
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (hash !== stated.sha256)
      throw new Error(`${name} must have SHA-256 ${stated.sha256}, received ${hash}`);
    files[name] = bytes;
  }
  return files;
}

async function readManifest(folder: string, fs: FileSystem): Promise<Manifest> {
  const bytes = await readIfThere(join(folder, MANIFEST), fs);
  if (bytes === null) throw new Error(`${MANIFEST} is missing`);
  try {
    const manifest = JSON.parse(new TextDecoder().decode(bytes)) as Manifest;
    if (manifest.format === 1 && typeof manifest.files === 'object') return manifest;
  } catch {
    // Damaged JSON is told as any other damage is.
  }
  throw new Error(`${MANIFEST} is damaged or of another version`);
}

async function readIfThere(path: string, fs: FileSystem): Promise<Uint8Array | null> {
  try {
    return await fs.readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
