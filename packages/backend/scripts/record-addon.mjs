import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../probe/load-addon.mjs', import.meta.url));

/**
 * Loads an addon in a process of its own and, where that went well, notes its SHA-256 beside it: the backend then loads
 * it without another process. Gives what went wrong.
 */
export function recordAddon(file) {
  const { stdout, status, signal } = spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
  const said = stdout?.trim().split('\n').at(-1) ?? '';
  if (said !== 'loads') return said || `it ends the process: ${signal ?? status}`;
  writeFileSync(`${file}.sha256`, `${createHash('sha256').update(readFileSync(file)).digest('hex')}\n`);
}
