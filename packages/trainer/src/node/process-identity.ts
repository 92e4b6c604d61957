import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** A process so that it can be told later, from another one, whether it still runs. */
export interface ProcessIdentity {
  pid: number;
  host: string;
  /** The start of the system; null where it is not told. */
  boot: string | null;
  /** The space of process numbers, such as that of a container; null where there is but one. */
  space: string | null;
  /** When the process began, in ticks since the start of the system: numbers of processes come again. */
  began: string | null;
}

export async function thisProcess(): Promise<ProcessIdentity> {
  return {
    pid: process.pid,
    host: hostname(),
    boot: await told('/proc/sys/kernel/random/boot_id'),
    space: await readlink('/proc/self/ns/pid').catch(() => null),
    began: await beganAt(process.pid),
  };
}

/** Whether a process has ended for certain, as far as can be told from this one. */
export async function hasEnded(other: ProcessIdentity): Promise<boolean> {
  const here = await thisProcess();
  if (other.host !== here.host) return false;
  if (other.boot !== here.boot) return other.boot !== null && here.boot !== null;
  if (other.space !== here.space) return false;
  if (!isThere(other.pid)) return true;
  // One that nobody has asked how it ended keeps its number, in a container without an init for ever.
  if (/^[ZX]$/.test((await fieldsOf(other.pid))?.[0] ?? '')) return true;
  const began = await beganAt(other.pid);
  return began !== null && other.began !== null && began !== other.began;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** What Linux tells of a process: the fields after its name in brackets, which may hold anything; its state first. */
async function fieldsOf(pid: number): Promise<string[] | undefined> {
  const stat = await told(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** The 22nd field of all. */
async function beganAt(pid: number): Promise<string | null> {
  return (await fieldsOf(pid))?.[19] ?? null;
}

const told = (path: string) =>
  readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
