import { type Stats, statSync } from 'node:fs';

/** What lies at a path, or `undefined` where nothing does; below a file nothing can. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
