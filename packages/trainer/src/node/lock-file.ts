import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode, type FileSystem, writeDurably } from './file-system';
import { hasEnded, type ProcessIdentity, thisProcess } from './process-identity';

/** Who has a lock. */
export interface Holder extends ProcessIdentity {
  token: string;
  /** When it took the lock. */
  since: string;
}

const LOCK = /^\.lock-(\d+)$/;

/** Milliseconds in which a lock file is written; one that is not whole by then was left by a crash. */
const WRITTEN_WITHIN = 2000;
const POLL = 50;

/** Locks of this process that were given back, whether or not the disk let their files be removed. */
const released = new Set<string>();

/**
 * Takes the lock of a folder that is there, and returns what gives it back, or who has it and in which file.
 *
 * The lock of a process that has ended is not replaced, which two could do at once, but outdone by the next number:
 * `.lock-2` after `.lock-1`, by an exclusive create. Who has made one looks again, and gives way if somebody else
 * lives; since both look after both have made theirs, never do two go on.
 */
export async function takeLock(
  directory: string,
  fs: FileSystem,
): Promise<{ release: () => Promise<void> } | { holder: Holder; path: string }> {
  const token = randomUUID();
  const self: Holder = { ...(await thisProcess()), token, since: new Date().toISOString() };
  for (;;) {
    const before = await look(directory, token, fs);
    if (before.living) return before.living;
    const name = `.lock-${before.highest + 1}`;
    const path = join(directory, name);
    if (!(await create(path, `${JSON.stringify(self, null, 2)}\n`, fs))) continue;
    const release = async () => {
      released.add(token);
      await fs.rm(path, { force: true }).catch(() => {});
    };
    try {
      const after = await look(directory, token, fs);
      if (after.living) await release();
      else {
        for (const ended of after.ended) await fs.rm(ended, { force: true });
        return { release };
      }
    } catch (error) {
      await release();
      throw error;
    }
  }
}

/** The locks of a folder besides one's own: that of a process which lives, if there is one, and those that have ended. */
async function look(directory: string, own: string, fs: FileSystem) {
  const ended: string[] = [];
  let highest = 0;
  for (const name of await fs.readdir(directory)) {
    const number = LOCK.exec(name)?.[1];
    if (number === undefined) continue;
    highest = Math.max(highest, Number(number));
    const path = join(directory, name);
    const holder = await readHolder(path, fs);
    if (holder?.token === own) continue;
    if (holder === null || released.has(holder.token) || (await hasEnded(holder))) ended.push(path);
    else return { living: { holder, path }, ended, highest };
  }
  return { living: null, ended, highest };
}

async function create(path: string, content: string, fs: FileSystem): Promise<boolean> {
  try {
    await writeDurably(path, [new TextEncoder().encode(content)], fs.open);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    await fs.rm(path, { force: true }).catch(() => {});
    throw error;
  }
}

/** What a lock file says, or null where it is gone or its process died over writing it. */
async function readHolder(path: string, fs: FileSystem): Promise<Holder | null> {
  for (let waited = 0; waited < WRITTEN_WITHIN; waited += POLL) {
    try {
      return JSON.parse(await fs.readFile(path, 'utf8')) as Holder;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      if (!(error instanceof SyntaxError)) throw error;
    }
    await sleep(POLL);
  }
  return null;
}
