import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Report } from './program';

/** Where packages are found by a program that lies there. */
const here = fileURLToPath(new URL('../../../node_modules/', import.meta.url));

/**
 * Runs the program in a process of its own, under a runtime such as `node` or `bun` with its first arguments.
 *
 * It is bundled from the sources, by way of the paths in tsconfig.json.
 */
export async function runProgram(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<Report> {
  const folder = mkdtempSync(join(here, '.xcp-webgpu-'));
  try {
    const outfile = join(folder, 'program.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL('./program.ts', import.meta.url))],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: ['@tensorflow/*'],
      logLevel: 'error',
    });
    const options = { env: { ...process.env, ...env }, maxBuffer: 2 ** 24 };
    const { stdout } = await promisify(execFile)(command, [...args, outfile], options);
    return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
