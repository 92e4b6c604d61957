import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { messageOf, UserError } from '../errors';
import { statOf } from '../run-folder/stat-of';

/** A file that may be an image. */
export interface ImageFile {
  /** As the user would name it. */
  name: string;
  read(): Uint8Array;
}

const IMAGE = /\.(png|jpe?g)$/i;

/**
 * The images that paths name: files, and those in folders, at any depth, in the order of their names.
 *
 * @throws UserError where a path does not exist, or a folder holds no image.
 */
export function findImages(paths: readonly string[], cwd: string): ImageFile[] {
  return paths.flatMap((path) => {
    const full = resolve(cwd, path);
    const stat = statOf(full);
    if (!stat) throw new UserError(`predict: an image must exist, received "${path}", which does not`);
    if (!stat.isDirectory()) return [{ name: path, read: () => readFileSync(full) }];
    const found = inFolder(full)
      .sort()
      .map((below) => ({ name: join(path, below), read: () => readFileSync(join(full, below)) }));
    if (found.length > 0) return found;
    throw new UserError(`predict: a folder must hold .png or .jpg files, received "${path}", which has none`);
  });
}

function inFolder(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => IMAGE.test(name));
  } catch (error) {
    throw new UserError(`predict: a folder must be readable, received "${folder}" (${messageOf(error)})`);
  }
}

/** The image that comes on stdin. */
export async function stdinImage(stdin: Readable): Promise<ImageFile> {
  const bytes = new Uint8Array(await buffer(stdin));
  return { name: 'stdin', read: () => bytes };
}
