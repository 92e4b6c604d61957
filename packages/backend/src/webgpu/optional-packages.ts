import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The module that an optional package's name leads to, as a `file:` URL, looked up from `cwd` and then from here, or
 * null where it is not installed.
 */
export function optionalPackage(name: string, cwd: string): string | null {
  for (const from of [join(cwd, 'noop.js'), import.meta.url]) {
    try {
      return pathToFileURL(createRequire(from).resolve(name)).href;
    } catch {
      // Not installed there.
    }
  }
  return null;
}
