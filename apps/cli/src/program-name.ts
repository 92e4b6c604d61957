import { basename, join } from 'node:path';
import { displayPath } from './run-folder/display-path';

/**
 * How the user can start this program again: as it was started.
 *
 * @param script the second of `process.argv`
 * @example programName('/repo/apps/cli/dist/main.js', '/repo') // 'node apps/cli/dist/main.js'
 */
export function programName(script: string, cwd: string): string {
  if (basename(script) !== 'xcp') return `node ${displayPath(script, cwd)}`;
  return script.includes(join('node_modules', '.bin')) ? 'npx xcp' : 'xcp';
}
