import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { programName } from './program-name';

const repo = resolve('repo');
const built = join('apps', 'cli', 'dist', 'main.js');
const link = join(repo, 'node_modules', '.bin', 'xcp');
const main = join(repo, 'node_modules', '@xcp', 'cli', 'dist', 'main.js');
const cached = resolve('cache', 'npm', 'registry', '@xcp', 'cli', '1.0.0', 'dist', 'main.js');

it.each([
  ['node', join(repo, built), `node ${built}`],
  ['bun', join(repo, built), `bun ${built}`],
  ['deno', join(repo, built), `deno run -A ${built}`],
  ['node', link, 'npx xcp'],
  ['bun', link, 'bunx --bun xcp'],
  ['deno', link, 'deno run -A npm:@xcp/cli'],
  ['node', main, `node ${join('node_modules', '@xcp', 'cli', 'dist', 'main.js')}`],
  ['bun', main, 'bunx --bun xcp'],
  ['deno', main, 'deno run -A npm:@xcp/cli'],
  ['deno', cached, 'deno run -A npm:@xcp/cli'],
  ['node', resolve('bin', 'xcp'), 'xcp'],
  ['deno', resolve('bin', 'xcp'), 'xcp'],
] as const)('in %s, %s is named %s', (runtime, script, name) => {
  expect(programName(script, repo, runtime)).toBe(name);
});
