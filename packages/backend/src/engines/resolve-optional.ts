import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * The file that a package's name leads to, looked up from the user's folder and then from this program's, or
 * `undefined` where it is not installed.
 */
export function resolveOptional(name: string, cwd: string): string | undefined {
  for (const from of [join(cwd, 'noop.js'), import.meta.url]) {
    const require = createRequire(from);
    try {
      if (isInstalled(name, require)) return require.resolve(name);
    } catch {
      // Not installed there, or not whole.
    }
  }
  return undefined;
}

/** Asked first, for where no folder `node_modules` is near, Bun would download the package. */
function isInstalled(name: string, require: NodeJS.Require): boolean {
  // Yarn's Plug'n'Play has no such folders.
  if (process.versions.pnp !== undefined) return true;
  return (require.resolve.paths(name) ?? []).some((folder) => existsSync(join(folder, name)));
}
