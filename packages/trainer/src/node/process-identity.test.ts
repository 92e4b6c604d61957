import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { hasEnded, thisProcess } from './process-identity';

it('this process has not ended', async () => {
  expect(await hasEnded(await thisProcess())).toBe(false);
});

it.skipIf(process.platform !== 'linux')(
  'a process that was killed has ended, though its parent has not asked for it yet',
  async () => {
    // The shell becomes a program that knows of no children.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 30'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [text] = await parent.stdout.take(1).toArray();
      const pid = Number(text);
      const state = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]![0];
      await expect.poll(state).toBe('Z');
      const began = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19]!;
      expect(await hasEnded({ ...(await thisProcess()), pid, began })).toBe(true);
    } finally {
      parent.kill();
    }
  },
);
