import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { programName } from './program-name';

it('a program is named as it was started', () => {
  const repo = resolve('repo');
  expect(programName(join(repo, 'apps', 'cli', 'dist', 'main.js'), repo)).toBe(
    `node ${join('apps', 'cli', 'dist', 'main.js')}`,
  );
  expect(programName(join(repo, 'node_modules', '.bin', 'xcp'), repo)).toBe('npx xcp');
  expect(programName(resolve('bin', 'xcp'), repo)).toBe('xcp');
});
