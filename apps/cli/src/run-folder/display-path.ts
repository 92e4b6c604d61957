import { isAbsolute, relative } from 'node:path';
import { shellQuote } from '../terminal/shell-quote';

/** A path as the user would type it in `cwd`: relative where it lies below. */
export function displayPath(path: string, cwd: string): string {
  if (!isAbsolute(path)) return shellQuote(path);
  const below = relative(cwd, path);
  return shellQuote(below === '' ? '.' : below.startsWith('..') || isAbsolute(below) ? path : below);
}
