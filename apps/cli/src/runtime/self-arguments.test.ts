import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { versions } from '../run-folder/provenance';
import { selfArguments } from './self-arguments';
import { thisRuntime } from './this-runtime';

const script = resolve('repo', 'dist', 'main.js');

it('Node.js and Bun are started again with their options', () => {
  expect(selfArguments(script, ['--max-old-space-size=8000'], 'node')).toEqual([
    '--max-old-space-size=8000',
    script,
  ]);
  expect(selfArguments(script, ['--smol'], 'bun')).toEqual(['--smol', script]);
});

it('Deno is told to run, and by name what lies in its cache', () => {
  expect(selfArguments(script, [], 'deno')).toEqual(['run', '-A', script]);
  const project = resolve('repo', 'node_modules', '@xcp', 'cli', 'dist', 'main.js');
  expect(selfArguments(project, [], 'deno')).toEqual(['run', '-A', project]);
  const cached = join(resolve('cache'), 'registry', '@xcp', 'cli', '1.0.0', 'dist', 'main.js');
  expect(selfArguments(cached, [], 'deno')).toEqual(['run', '-A', `npm:@xcp/cli@${versions().xcp}`]);
});

it.each([
  [{ node: '20.20.2' }, { name: 'node', version: '20.20.2' }],
  [
    { node: '26.3.0', deno: '2.9.6' },
    { name: 'deno', version: '2.9.6' },
  ],
  [
    { node: '26.3.0', bun: '1.4.5' },
    { name: 'bun', version: '1.4.5' },
  ],
])('of versions %j the runtime is %j', (versions, runtime) => {
  expect(thisRuntime(versions)).toEqual(runtime);
});
