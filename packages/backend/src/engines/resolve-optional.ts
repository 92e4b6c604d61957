import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * The file that a package's name leads to, looked up from the user's folder and then from this program's, or
 * `undefined` where it is not installed.
 */
export function resolveOptional(name: string, cwd: string): string | undefined {
  for (const from of [join(cwd, 'noop.js'), import.meta.url]) {
    try {
      return createRequire(from).resolve(name);
    } catch {
      // Not installed there.
    }
  }
  return undefined;
}
