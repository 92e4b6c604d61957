import { basename, join } from 'node:path';
import { displayPath } from '../run-folder/display-path';
import { isInstalled, PACKAGE } from './installed';
import type { Runtime } from './this-runtime';

const installed: Record<Runtime['name'], string> = {
  node: 'npx xcp',
  // Without the option Bun leaves the program to Node.js, as its first line says.
  bun: 'bunx --bun xcp',
  deno: `deno run -A npm:${PACKAGE}`,
};
const starts: Record<Runtime['name'], string> = { node: 'node', bun: 'bun', deno: 'deno run -A' };

/**
 * How the user can start this program again: as it was started, in the same runtime.
 *
 * @param script the second of `process.argv`
 * @example programName('/repo/apps/cli/dist/main.js', '/repo', 'bun') // 'bun apps/cli/dist/main.js'
 */
export function programName(script: string, cwd: string, runtime: Runtime['name']): string {
  const isLink = basename(script) === 'xcp';
  if (isLink && !script.includes(join('node_modules', '.bin'))) return 'xcp';
  // Deno and Bun may follow the link before the program starts.
  if (isLink || (runtime !== 'node' && isInstalled(script))) return installed[runtime];
  return `${starts[runtime]} ${displayPath(script, cwd)}`;
}
