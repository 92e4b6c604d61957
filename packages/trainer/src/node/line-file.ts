import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from './file-system';

/** The lines of a text file, or none where there is no file. */
export function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Puts lines in place of a file, whole or not at all; makes its folder where need be. */
export function replaceLines(path: string, lines: readonly string[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeSynced(`${path}.tmp`, 'w', lines.map((line) => `${line}\n`).join(''));
  renameSync(`${path}.tmp`, path);
}

export function appendLine(path: string, line: string): void {
  writeSynced(path, 'a', `${line}\n`);
}

/** Synced, because the checkpoint that follows what is told must not outlive it in a power cut. */
export function writeSynced(path: string, flags: string, data: string | Uint8Array): void {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  const file = openSync(path, flags);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
