// npm test: set-up, lint, types, tests. Arguments after `--` go to vitest:
//   npm test -- packages/cifar10
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './environment.mjs';
import { show } from './phase.mjs';
import { main, setUp } from './set-up.mjs';

const tool = (...path) => join(root, 'node_modules', ...path);

/** Passed, failed and skipped tests of vitest's JSON report. */
function count(report) {
  // A file that cannot be loaded has no tests that could fail: it counts as one.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

async function runTests(env) {
  const folder = mkdtempSync(join(tmpdir(), 'xcp-test-'));
  try {
    const file = join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const args = [tool('vitest', 'vitest.mjs'), 'run', ...reporters, ...process.argv.slice(2)];
    const code = await show(process.execPath, args, { cwd: root, env });
    return { code, counts: count(JSON.parse(readFileSync(file, 'utf8'))) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main(async () => {
  const env = await setUp();
  const run = (...args) => show(process.execPath, args, { cwd: root, env });
  const lint = await run(tool('@biomejs', 'biome', 'bin', 'biome'), 'check', '.');
  const tsc = tool('typescript', 'bin', 'tsc');
  const types = await run(tsc, '--noEmit', '-p', 'tsconfig.json');
  // Its globals are those of a page.
  const pageTypes = await run(tsc, '-p', join('examples', 'browser', 'tsconfig.json'));
  const { code, counts } = await runTests(env);
  if (lint) console.log('Lint failed: see above; `npx biome check --write .` mends most of it.');
  if (types || pageTypes) console.log('Type check failed: see above.');
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return lint || types || pageTypes || code;
});
