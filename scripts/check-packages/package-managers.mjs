import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { environment, findNpx, root } from '../environment.mjs';
import { run } from './run.mjs';

const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const env = environment();

/** Runs pnpm in the repository's version. */
export function pnpm(args, options) {
  const npx = [findNpx(), '--yes', '--package', packageManager, '--'];
  return run(process.execPath, [...npx, 'pnpm', ...args], { env, ...options });
}

/** Runs the npm that belongs to this Node.js. */
export function npm(args, options) {
  return run(process.execPath, [join(dirname(findNpx()), 'npm-cli.js'), ...args], { env, ...options });
}
