import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StartRun } from './start-process';

/** Seconds after which a program that does not answer is given up. */
const PATIENCE = 600;

/** What `xcp` wrote to `--out`, or why it wrote nothing. */
export type Apart<T> = { result: T } | { reason: string };

/**
 * Runs `xcp` in a process of its own, for a process has one TensorFlow.js, and a broken native library ends it.
 *
 * @param args the command line, without its `--out`; `config`, if given, is put into a file for `--config`
 */
export async function runApart<T>(
  args: readonly string[],
  { start, signal, config }: { start: StartRun; signal: AbortSignal; config?: object },
): Promise<Apart<T>> {
  const folder = mkdtempSync(join(tmpdir(), 'xcp-apart-'));
  const [configFile, out, log] = ['config.json', 'result.json', 'log'].map((name) => join(folder, name));
  try {
    if (config) writeFileSync(configFile!, JSON.stringify(config));
    const more = config ? ['--config', configFile!] : [];
    const limit = AbortSignal.any([signal, AbortSignal.timeout(1000 * PATIENCE)]);
    const code = await start([...args, ...more, '--out', out!], log!, limit);
    signal.throwIfAborted();
    if (existsSync(out!)) return { result: JSON.parse(readFileSync(out!, 'utf8')) as T };
    const said = existsSync(log!) ? readFileSync(log!, 'utf8').trim().split('\n').at(-1) : '';
    return { reason: limit.aborted ? `did not end within ${PATIENCE} s` : said || `ended with ${code}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
