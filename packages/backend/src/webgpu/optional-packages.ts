import { pathToFileURL } from 'node:url';
import { resolveOptional } from '../engines/resolve-optional';

/** The module that an optional package's name leads to, as a `file:` URL, or null where it is not installed. */
export function optionalPackage(name: string, cwd: string): string | null {
  const file = resolveOptional(name, cwd);
  return file === undefined ? null : pathToFileURL(file).href;
}
