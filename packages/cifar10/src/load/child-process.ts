import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import type { ChildTask } from './child-load';
import { temporaryFolder } from './fake-data-set';

/** Bundles child-load.ts, which Node cannot run as it is; to be called once for a file of tests. */
export async function bundleChild(): Promise<{ script: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'xcp-child-'));
  await build({
    entry: { child: fileURLToPath(new URL('child-load.ts', import.meta.url)) },
    outDir: folder,
    format: 'esm',
    outExtension: () => ({ js: '.mjs' }),
    noExternal: [/^(?!undici$)/],
    removeNodeProtocol: false,
    config: false,
    silent: true,
  });
  return { script: join(folder, 'child.mjs'), remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A process that loads, and the lines that it prints. */
export async function startChild(script: string, task: ChildTask) {
  const file = join(await temporaryFolder(), 'task.json');
  await writeFile(file, JSON.stringify(task));
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  let errors = '';
  child.stderr.on('data', (data) => {
    errors += data;
  });
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  return { child, lines, ended, errors: () => errors, hasPrinted: hasPrinted(child, lines) };
}

/** Waits until this line is there so many times, or the process has ended. */
const hasPrinted = (child: ChildProcess, lines: string[]) => async (line: string, count: number) => {
  while (lines.filter((each) => each === line).length < count && child.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
