import { spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exclusively } from '../checkpoint/exclusively';
import { tinyModel, tinySource } from '../fixtures/tiny';
import { resume } from '../resume';
import { train } from '../train';
import { fileStore } from './file-store';
import { takeLock } from './lock-file';
import { thisProcess } from './process-identity';

let directory: string;
let lock: string;

beforeAll(() => tf.setBackend('cpu'));
beforeEach(async () => {
  directory = await fs.mkdtemp(join(tmpdir(), 'lock-'));
  lock = join(directory, '.lock-1');
});
afterEach(() => fs.rm(directory, { recursive: true }));

/** The number of a process that has ended. */
async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.on('exit', resolve));
  return child.pid!;
}

async function writeHolder(changes: object): Promise<void> {
  const holder = { ...(await thisProcess()), token: 'a', since: '2026-11-27T10:00:00.000Z', ...changes };
  await fs.writeFile(lock, JSON.stringify(holder));
}

const options = () => ({ model: tinyModel(), trainData: tinySource(), config: { epochs: 1 } });

describe('a run folder', () => {
  it('is written to by one process at a time, for as long as it trains', async () => {
    const store = fileStore(directory);
    const refused: string[] = [];
    const onStep = async () => {
      const before = await fs.readdir(directory);
      const again = fileStore(directory);
      await train({ ...options(), store: again }).catch((error: Error) => refused.push(error.message));
      await store.acquire!().catch((error: Error) => refused.push(error.message));
      expect(await fs.readdir(directory)).toEqual(before);
    };
    await train({ ...options(), store, callbacks: [{ onStep }] });
    expect(refused).toHaveLength(6);
    expect(refused[0]).toMatch(
      `fileStore: \`directory\` must be written to by one process at a time, received '${directory}', which ` +
        `process ${process.pid} on ${hostname()} has been writing to since `,
    );
    expect(refused[0]).toContain(`wait for it or stop it, and delete '${lock}' only if`);
    expect(await fs.readdir(directory)).toEqual(['step-0000003']);
  });

  it('that is trained in is not resumed, and is afterwards', async () => {
    const store = fileStore(directory);
    const again = { ...options(), config: { epochs: 2 }, store };
    await train({ ...options(), store });
    await exclusively(store, async (unlocked) => {
      await expect(resume(again)).rejects.toThrow('by one process at a time');
      expect(await resume({ ...again, store: unlocked })).toMatchObject({ step: 6 });
    });
    expect(await resume({ ...again, config: { epochs: 3 } })).toMatchObject({ step: 9 });
  });

  it('is given back where a run fails', async () => {
    const onStep = () => {
      throw new Error('enough');
    };
    const failing = { ...options(), store: fileStore(directory), callbacks: [{ onStep }] };
    await expect(train(failing)).rejects.toThrow('enough');
    expect(await fs.readdir(directory)).toEqual([]);
  });
});

describe('the lock', () => {
  it('of a process that has ended is taken over, by one alone', async () => {
    await writeHolder({ pid: await deadProcess(), began: '1' });
    const taken = await Promise.all(Array.from({ length: 8 }, () => takeLock(directory, fs)));
    const releases = taken.flatMap((outcome) => ('release' in outcome ? [outcome.release] : []));
    expect(releases).toHaveLength(1);
    await releases[0]!();
    expect(await fs.readdir(directory)).toEqual([]);
  });

  it('of a system that has been started anew is taken over', async () => {
    await writeHolder({ boot: 'another' });
    const { boot } = await thisProcess();
    // Where the system does not tell, the process counts, and that is this one.
    expect('release' in (await takeLock(directory, fs))).toBe(boot !== null);
  });

  it('of a process whose number another has by now is taken over', async () => {
    await writeHolder({ began: '1' });
    const { began } = await thisProcess();
    expect('release' in (await takeLock(directory, fs))).toBe(began !== null);
  });

  it.each([
    ['on another machine', { host: 'elsewhere', pid: 1 }],
    ['in another container', { space: 'pid:[1]', pid: 1 }],
    ['that lives', {}],
  ])('of a process %s is left alone', async (_, changes) => {
    await writeHolder(changes);
    const before = await fs.readFile(lock, 'utf8');
    expect(await takeLock(directory, fs)).toMatchObject({ holder: { token: 'a' } });
    expect(await fs.readFile(lock, 'utf8')).toBe(before);
  });

  it('that a process died over writing is taken over', async () => {
    await fs.writeFile(lock, '{"tok');
    expect(await takeLock(directory, fs)).toHaveProperty('release');
  });

  it('given back is that of this process alone', async () => {
    const taken = await takeLock(directory, fs);
    await fs.writeFile(join(directory, '.lock-2'), 'of another');
    if ('release' in taken) await taken.release();
    expect(await fs.readdir(directory)).toEqual(['.lock-2']);
  });
});
