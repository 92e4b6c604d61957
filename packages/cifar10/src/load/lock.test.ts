import { spawn } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from './fake-data-set';
import { type LockOptions, withLock } from './lock';
import { thisProcess } from './lock-file';

const times = { heartbeat: 20, stale: 800, poll: 5 };
const lockPath = async () => join(await temporaryFolder(), '.lock');
const never = new Promise<never>(() => {});

/** Work that has the lock by now; the test ends no earlier than it does. */
async function started(path: string, options: LockOptions, work: () => Promise<unknown>) {
  let done!: Promise<unknown>;
  await new Promise<void>((resolve) => {
    done = withLock(path, () => Promise.resolve(resolve()).then(work), options);
  });
  onTestFinished(async () => void (await done));
  return { done };
}

/** The number of a process that has ended. */
async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.on('exit', resolve));
  return child.pid!;
}

describe('withLock', () => {
  it('lets one in after the other, and leaves nothing behind', async () => {
    const path = await lockPath();
    let inside = 0;
    let most = 0;
    const waited: string[] = [];
    const work = async () => {
      inside++;
      most = Math.max(most, inside);
      await sleep(20);
      inside--;
      return 'done';
    };
    const onWait = (holder: string) => waited.push(holder);
    const all = await Promise.all([1, 2, 3, 4].map(() => withLock(path, work, { times, onWait })));
    expect(all).toEqual(['done', 'done', 'done', 'done']);
    expect(most).toBe(1);
    expect(waited).toEqual(new Array(3).fill(`process ${process.pid}`));
    expect(await readdir(dirname(path))).toEqual([]);
  });

  it('is released where the work fails', async () => {
    const path = await lockPath();
    const failing = withLock(path, () => Promise.reject(new Error('no')), { times });
    await expect(failing).rejects.toThrow('no');
    expect(await withLock(path, async () => 1, { times })).toBe(1);
  });

  it('takes the lock of a dead process over at once', async () => {
    const path = await lockPath();
    const holder = { ...(await thisProcess()), pid: await deadProcess() };
    await writeFile(path, JSON.stringify(holder));
    let waits = 0;
    const onWait = () => void waits++;
    expect(await withLock(path, async () => 1, { onWait, times: { ...times, stale: 1e9 } })).toBe(1);
    expect(waits).toBe(0);
  });

  it.each([
    ['another machine', JSON.stringify({ token: 'a', pid: 1, machine: 'elsewhere' })],
    ['a process that died while it wrote it', '{"tok'],
  ])('takes the lock of %s over when it shows no life', async (_, content) => {
    const path = await lockPath();
    await writeFile(path, content);
    let waits = 0;
    const onWait = () => void waits++;
    expect(await withLock(path, async () => 1, { times, onWait })).toBe(1);
    expect(waits).toBe(1);
  });

  it('is not taken from a process that lives, however long it works', async () => {
    const path = await lockPath();
    const order: string[] = [];
    const long = await started(path, { times }, () => sleep(1600).then(() => order.push('first')));
    await Promise.all([long.done, withLock(path, async () => order.push('second'), { times })]);
    expect(order).toEqual(['first', 'second']);
  });

  it('stops work whose lock was taken over, and begins it anew', async () => {
    const path = await lockPath();
    let runs = 0;
    const work = async (signal: AbortSignal) => {
      if (++runs === 2) return 'done';
      await writeFile(path, JSON.stringify({ token: 'another', pid: 1, machine: 'elsewhere' }));
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    expect(await withLock(path, work, { times })).toBe('done');
    expect(runs).toBe(2);
  });

  it('stops waiting with the reason of the signal', async () => {
    const path = await lockPath();
    const controller = new AbortController();
    const { signal } = controller;
    await started(path, { times }, () => sleep(500));
    const onWait = () => controller.abort(new Error('enough'));
    await expect(withLock(path, () => never, { times, signal, onWait })).rejects.toThrow(/^enough$/);
  });
});
