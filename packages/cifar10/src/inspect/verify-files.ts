import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkKeys } from '../check';
import { defaultCacheDir } from '../load/cache';
import { isMissing } from '../load/file-errors';
import { hashFile } from '../load/hash-file';
import { CIFAR10_FILES, type DataFile } from '../manifest';

/** What was found where a file of the data set should lie. */
export interface FileCheck {
  readonly name: string;
  readonly path: string;
  /** `damaged`: it is there, and size or SHA-256 are not what they must be. */
  readonly state: 'proved' | 'missing' | 'damaged';
  /** What is wrong with a damaged one. */
  readonly fault: string | null;
}

export interface VerifyOptions {
  /** The folder with the `.bin` files. Default: the cache. */
  directory?: string;
  /** The files that there must be. Default {@link CIFAR10_FILES}. */
  files?: readonly DataFile[];
}

/**
 * Reads every file of the data set and compares its size and its SHA-256 with the published ones. Nothing is fetched,
 * changed or removed.
 *
 * Throws if a file is there and cannot be read.
 *
 * @example
 * const damaged = (await verifyCifar10()).filter(({ state }) => state !== 'proved');
 */
export async function verifyCifar10(options: VerifyOptions = {}): Promise<FileCheck[]> {
  checkKeys('verifyCifar10', options, ['directory', 'files']);
  const { directory = defaultCacheDir(), files = CIFAR10_FILES } = options;
  const checks: FileCheck[] = [];
  for (const file of files) checks.push(await verifyFile(join(directory, file.name), file));
  return checks;
}

async function verifyFile(path: string, { name, size, sha256 }: DataFile): Promise<FileCheck> {
  const damaged = (fault: string): FileCheck => ({ name, path, state: 'damaged', fault });
  try {
    const found = await stat(path);
    if (found.size !== size) return damaged(`must be ${size} bytes, received ${found.size}`);
    const hash = await hashFile(path, 'sha256', 'hex');
    if (hash !== sha256) return damaged(`must have the SHA-256 ${sha256}, received ${hash}`);
  } catch (error) {
    if (isMissing(error)) return { name, path, state: 'missing', fault: null };
    throw error;
  }
  return { name, path, state: 'proved', fault: null };
}
