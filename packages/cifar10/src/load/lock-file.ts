import { randomUUID } from 'node:crypto';
import { link, open, readFile, readlink, rename, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isMissing, StorageError } from './file-errors';

/** Who has a lock. */
export interface Holder {
  readonly token: string;
  readonly pid: number;
  readonly machine: string;
}

export const thisProcess = async (): Promise<Holder> => ({
  token: randomUUID(),
  pid: process.pid,
  machine: await machineName(),
});

/** Process numbers mean something only within one machine, and on Linux within one container. */
async function machineName(): Promise<string> {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return `${hostname()} ${namespace}`.trim();
}

/** Makes the lock file, or says that there is one. */
export async function createLockFile(path: string, holder: Holder): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    try {
      await handle.writeFile(JSON.stringify(holder));
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw new StorageError(message, { cause: error });
  }
}

/** What stands in the lock file, if there is one; `mark` changes with every sign of life of its holder. */
export async function readLockFile(path: string) {
  try {
    const content = await readFile(path, 'utf8');
    const { mtimeMs } = await stat(path);
    return { content, holder: parse(content), mark: `${mtimeMs} ${content}` };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A lock file that is not whole is being written, or was left by a process that died meanwhile. */
function parse(content: string): Holder | undefined {
  try {
    return JSON.parse(content) as Holder;
  } catch {
    return undefined;
  }
}

export async function isHeldBy(path: string, { token }: Holder): Promise<boolean> {
  // A disk that does not answer is no sign that somebody else has the lock.
  const content = await readFile(path, 'utf8').catch((error) => (isMissing(error) ? '' : token));
  return content.includes(token);
}

/** Removes the lock file that was read; where another process was quicker and has a new one, gives it back. */
export async function removeLockFile(path: string, content: string): Promise<void> {
  const aside = `${path}-${randomUUID()}`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) !== content) await link(aside, path).catch(() => {});
    await unlink(aside);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
