import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadCifar10, verifyCifar10 } from '@xcp/cifar10/node';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { home, jsonLines, services, tinyRun, withTrainedRun, xcp } from '../src/testing/harness';
import { type BadCase, badCases } from './bad-input/cases';
import { makeFixtures } from './bad-input/fixtures';

/** A process that lives, and says that it writes to a run. */
let other: ChildProcess;
let fixtures: string | undefined;
beforeAll(() => {
  other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600_000)'], { stdio: 'ignore' });
});
afterAll(() => void other.kill());

beforeEach(async () => {
  await withTrainedRun();
  fixtures ??= await makeFixtures(join(home, 'run'), other.pid!);
  cpSync(fixtures, home, { recursive: true });
});

/** Every file below the test's folder, with what stands in it. */
function everything(): Record<string, string> {
  const names = readdirSync(home, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names.map((name) => {
      const path = join(home, name);
      const isFile = statSync(path).isFile();
      return [name, isFile ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'folder'];
    }),
  );
}

/** `TINY` stands for a network and images that the cpu engine can train. */
const argsOf = (line: string) => line.split(' ').flatMap((word) => (word === 'TINY' ? tinyRun : [word]));

async function expectRefused([line, message, { realData = false } = {}]: BadCase): Promise<void> {
  const using = realData ? { ...services(), loadCifar10, verifyCifar10 } : services();
  const before = everything();
  const plain = await xcp(argsOf(line), {}, using);
  const told = await xcp([...argsOf(line), '--json'], {}, using);
  expect.soft([plain.code, told.code], line).toEqual([1, 1]);
  const [error = '', ...more] = plain.err.trimEnd().split('\n');
  expect.soft(error, line).toContain(message);
  // What commander says of options that there cannot be has a line that points to the help.
  expect
    .soft(
      more.filter((text) => !text.startsWith('(add --help')),
      line,
    )
    .toEqual([]);
  // Subject, colon, rule.
  expect.soft(error, line).toMatch(/^\S.*: \S/);
  expect.soft(plain.err, line).not.toMatch(/^ {4}at |Cannot (read|destructure)|is not a function/m);
  const documents = jsonLines(told.out);
  expect.soft(documents, line).toEqual([{ event: 'error', message: error.replace(/^error: /, '') }]);
  expect.soft(everything(), line).toEqual(before);
}

it.each(Object.entries(badCases))('xcp %s refuses what it cannot take, in one line', async (_, cases) => {
  for (const each of cases) await expectRefused(each);
});

const isRoot = process.getuid?.() === 0;

it.skipIf(isRoot)(
  'xcp tells of files that it may not read (skipped where nothing is closed to root)',
  async () => {
    chmodSync(join(home, 'run', 'config.json'), 0);
    chmodSync(join(home, 'image.png'), 0);
    expect((await xcp(['eval', 'run'])).err).toMatch(/^run: must be a folder made by .*EACCES.*\n$/);
    const { code, err } = await xcp(['predict', 'begun', 'image.png']);
    expect(code).toBe(1);
    expect(err).toMatch(/^predict: an image must be .*EACCES.*\n$/);
  },
);

it('shows a stack to those who ask for it', async () => {
  const { err } = await xcp(['eval', 'nowhere', '--verbose']);
  expect(err).toMatch(/^ {4}at /m);
});
