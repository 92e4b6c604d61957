import { createRequire } from 'node:module';

/**
 * Gives `util` back the two functions that Node 23 removed and that tfjs-node 4.22 still calls.
 *
 * Must run before tfjs-node is loaded.
 */
export function restoreNodeUtil(): void {
  // The CommonJS module object is the one that tfjs-node sees; an ES module's namespace cannot be written to.
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}
