import { type FileHandle, open, readFile, rm, writeFile } from 'node:fs/promises';
import { storing } from './file-errors';

/** What has arrived of a file. */
export interface Part {
  /** Bytes that stand on disk. */
  loaded: number;
  /** Where among them the present attempt began. */
  start: number;
  /** Bytes of the whole, where the server told. */
  total?: number;
  /** The server's mark of this version of the file, by which the rest can be asked for. */
  validator?: string;
}

/** What is written beside a part, so that another process can go on with it. */
interface Notes {
  readonly url: string;
  readonly total?: number;
  readonly validator?: string;
}

const notesOf = (path: string) => `${path}.json`;

/** A part of `url` that may have been begun by an earlier process; of another address or version it begins anew. */
export async function openPart(path: string, url: string): Promise<{ handle: FileHandle; part: Part }> {
  const notes = await readNotes(path);
  const handle = await storing(openForUpdate(path));
  const part: Part = { loaded: 0, start: 0 };
  if (notes?.url === url && (notes.validator !== undefined || notes.total !== undefined)) {
    const { size } = await handle.stat();
    Object.assign(part, { loaded: size, start: size, total: notes.total, validator: notes.validator });
  }
  return { handle, part };
}

/** Not emptied, and without the append mode, in which writes go to the end whatever place is named. */
async function openForUpdate(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch {
    return open(path, 'wx+');
  }
}

/** Empties the file before the notes change: so these never speak of bytes of another version. */
export async function restartPart(path: string, url: string, handle: FileHandle, part: Part): Promise<void> {
  await storing(handle.truncate(0));
  await savePart(path, url, part);
}

export async function savePart(path: string, url: string, { total, validator }: Part): Promise<void> {
  await storing(writeFile(notesOf(path), JSON.stringify({ url, total, validator } satisfies Notes)));
}

export async function discardPart(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(notesOf(path), { force: true });
}

async function readNotes(path: string): Promise<Notes | undefined> {
  try {
    return JSON.parse(await readFile(notesOf(path), 'utf8'));
  } catch {
    // None, or cut: the part begins anew.
    return undefined;
  }
}
