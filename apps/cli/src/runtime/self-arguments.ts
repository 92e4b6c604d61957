import { versions } from '../run-folder/provenance';
import { isInstalled, PACKAGE } from './installed';
import type { Runtime } from './this-runtime';

/**
 * What comes after `process.execPath` to start this program once more, in front of its own arguments: the runtime's
 * options, as far as it tells them, and the script.
 *
 * @param script the second of `process.argv`
 * @param execArgv options of the runtime
 * @example selfArguments('/repo/dist/main.js', [], 'deno') // ['run', '-A', '/repo/dist/main.js']
 */
export function selfArguments(
  script: string,
  execArgv: readonly string[],
  runtime: Runtime['name'],
): string[] {
  // Deno tells no program its options; one that may start processes may do all that the processes may.
  if (runtime !== 'deno') return [...execArgv, script];
  // What lies in Deno's own cache finds its packages only where it is started by the name of its own.
  const isCached = isInstalled(script) && !script.includes('node_modules');
  return ['run', '-A', isCached ? `npm:${PACKAGE}@${versions().xcp}` : script];
}
