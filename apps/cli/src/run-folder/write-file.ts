import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { statOf } from './stat-of';

/**
 * Writes a file through a synced temporary sibling, so that a reader sees the old one or the new one, never half. What
 * is no file, such as `/dev/stdout` or a pipe, is written to as it is.
 */
export function writeFile(path: string, content: string | Uint8Array): void {
  const there = statOf(path);
  if (there && !there.isFile() && !there.isDirectory()) {
    writeFileSync(path, content);
    return;
  }
  const temporary = `${path}.tmp`;
  try {
    const file = openSync(temporary, 'w');
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
