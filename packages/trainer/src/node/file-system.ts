import type * as fs from 'node:fs/promises';
import { open } from 'node:fs/promises';

/** The part of `node:fs/promises` that saving needs, so that a test can let it fail. */
export type FileSystem = Pick<typeof fs, 'mkdir' | 'open' | 'readdir' | 'readFile' | 'rename' | 'rm'>;

/** Writes a new file and waits until it is on the disk; each piece is pulled once the one before it is written. */
export async function writeDurably(
  path: string,
  pieces: Iterable<Uint8Array>,
  openFile: FileSystem['open'] = open,
): Promise<void> {
  const file = await openFile(path, 'wx');
  try {
    for (const piece of pieces) await writeAll(file, piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeAll(file: fs.FileHandle, piece: Uint8Array): Promise<void> {
  let written = 0;
  // One write may take less than it was given, and at most 2 GB.
  while (written < piece.length) {
    written += (await file.write(piece, written, Math.min(piece.length - written, 2 ** 30))).bytesWritten;
  }
}

/** Waits until the names in a folder are on the disk. */
export async function syncFolder(path: string, openFile: FileSystem['open'] = open): Promise<void> {
  // Windows opens no folders; there a rename is on the disk once it returns.
  if (process.platform === 'win32') return;
  const folder = await openFile(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The code of a file-system error, such as `ENOENT`, if it is one. */
export function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}
