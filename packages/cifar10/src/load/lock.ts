import { utimes } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createLockFile,
  type Holder,
  isHeldBy,
  readLockFile,
  removeLockFile,
  thisProcess,
} from './lock-file';

export interface LockTimes {
  /** Milliseconds between two signs of life of the holder. */
  readonly heartbeat: number;
  /** Milliseconds without a sign of life after which a holder counts as dead. */
  readonly stale: number;
  /** Milliseconds between two looks of one who waits. */
  readonly poll: number;
}

const TIMES: LockTimes = { heartbeat: 2000, stale: 20_000, poll: 250 };

export interface LockOptions {
  readonly signal?: AbortSignal;
  /** Called once, with who has it, where the lock is taken. */
  readonly onWait?: (holder: string) => void;
  readonly times?: LockTimes;
}

/**
 * Runs `work` while this process has the lock file at `path`, and waits for whoever else has it.
 *
 * The lock of a process that is dead, or has given no sign of life for a while, is taken over. A process that was
 * stopped for so long that another took its lock has its work stopped through the signal, and begins anew: the lock
 * saves work, and nothing may depend on its being held by one alone.
 */
export async function withLock<T>(
  path: string,
  work: (signal: AbortSignal) => Promise<T>,
  { signal, onWait, times = TIMES }: LockOptions = {},
): Promise<T> {
  for (;;) {
    const holder = await thisProcess();
    await acquire(path, holder, times, signal, onWait);
    const lost = new AbortController();
    const beat = setInterval(() => void showLife(path, holder, lost), times.heartbeat);
    try {
      return await work(signal ? AbortSignal.any([signal, lost.signal]) : lost.signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (!lost.signal.aborted) throw error;
    } finally {
      clearInterval(beat);
      if (await isHeldBy(path, holder)) await removeLockFile(path, JSON.stringify(holder));
    }
  }
}

async function acquire(
  path: string,
  holder: Holder,
  { stale, poll }: LockTimes,
  signal?: AbortSignal,
  onWait?: (holder: string) => void,
): Promise<void> {
  // The clock of a network disk may differ from ours, so not the age of the file counts but whether it changes.
  let seen = { mark: '', since: 0 };
  let isAnnounced = false;
  while (!(await createLockFile(path, holder))) {
    signal?.throwIfAborted();
    const other = await readLockFile(path);
    if (!other) continue;
    if (other.mark !== seen.mark) seen = { mark: other.mark, since: performance.now() };
    if (isDead(other.holder, holder.machine) || performance.now() - seen.since > stale) {
      await removeLockFile(path, other.content);
      continue;
    }
    if (!isAnnounced) {
      onWait?.(other.holder ? `process ${other.holder.pid}` : 'another process');
      isAnnounced = true;
    }
    // A signal that fires is seen at the next turn.
    await sleep(poll, undefined, { signal }).catch(() => {});
  }
}

function isDead(holder: Holder | undefined, machine: string): boolean {
  if (!holder || holder.machine !== machine) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

async function showLife(path: string, holder: Holder, lost: AbortController): Promise<void> {
  if (!(await isHeldBy(path, holder))) {
    lost.abort(new Error('another process took the lock over'));
    return;
  }
  const now = new Date();
  await utimes(path, now, now).catch(() => {});
}
