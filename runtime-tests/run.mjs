// Trains with the built packages in every runtime that is there, stops and resumes a run, takes weights from one format to the next, and prints
// a table; ends with 1 where one failed.
// Usage: node runtime-tests/run.mjs; XCP_DENO, XCP_BUN and XCP_CHROMIUM name programs that are not on the PATH.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { trainInBrowser } from './browser.mjs';

const { XCP_DENO: deno = 'deno', XCP_BUN: bun = 'bun', XCP_CHROMIUM: chromium = 'chromium' } = process.env;
const script = (name) => fileURLToPath(new URL(name, import.meta.url));
const programs = [
  { backend: 'xcp', args: [script('main.mjs'), 'xcp'] },
  { backend: 'xcp-wasm', args: [script('main.mjs'), 'xcp-wasm'] },
  { backend: 'xcp', args: [script('resume.mjs'), 'xcp'] },
  // Relaxed SIMD may round a sum of products once or twice, as each runtime likes: the plain one is the same in all.
  { backend: 'xcp-wasm', args: [script('resume.mjs'), 'xcp-wasm'], env: { XCP_ISA: 'simd128' } },
  { backend: 'cpu', args: [script('weights.mjs')] },
];
const runtimes = [
  { name: 'Node.js', command: process.execPath, args: [] },
  { name: 'Deno', command: deno, args: ['run', '--allow-all'] },
  { name: 'Bun', command: bun, args: ['run'] },
];
const rows = [];

/** Whether a program can be started. */
const there = (command) => command !== '' && spawnSync(command, ['--version']).status === 0;

for (const { name, command, args } of runtimes) {
  if (!there(command)) {
    rows.push({ name, backend: '', result: 'left out: not there' });
    continue;
  }
  for (const { backend, args: program, env } of programs) {
    const options = {
      env: { ...process.env, ...env },
      encoding: 'utf8',
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      timeout: 120_000,
    };
    const { status, stdout, stderr } = spawnSync(command, [...args, ...program], options);
    const line = stdout.trim().split('\n').at(-1);
    if (status === 0 && line?.startsWith('{')) rows.push({ name, backend, ...JSON.parse(line) });
    else rows.push({ name, backend, error: stderr.trim().split('\n').at(-1) || `did not end (${status})` });
  }
}
for (const isolated of [true, false]) {
  const name = `Chromium, ${isolated ? '' : 'not '}isolated`;
  if (!there(chromium)) rows.push({ name, backend: '', result: 'left out: not there' });
  else rows.push({ name, backend: 'xcp-wasm', ...(await trainInBrowser(chromium, isolated)) });
}
// What a resumed run comes to depends on the kernels alone, not on the runtime.
for (const row of rows.filter(({ resumed }) => resumed !== undefined)) {
  const { name, resumed } = rows.find(
    (other) => other.backend === row.backend && other.resumed !== undefined,
  );
  if (row.resumed !== resumed) row.error = `weights differ from those of ${name}`;
}
console.table(rows);
process.exitCode = rows.some((row) => row.error !== undefined || row.learned === false) ? 1 : 0;
