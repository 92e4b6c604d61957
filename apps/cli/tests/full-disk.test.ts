import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { beforeEach, expect, it, vi } from 'vitest';
import {
  home,
  json,
  jsonLines,
  outcome,
  read,
  tinyRun,
  trainArgs,
  withTrainedRun,
  xcp,
} from '../src/testing/harness';

/** A disk that takes nothing more, as far as `node:fs` can tell. */
const disk = vi.hoisted(() => ({
  full: false,
  refuse() {
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      syscall: 'write',
    });
  },
}));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const writeFileSync = (...args: Parameters<typeof fs.writeFileSync>) =>
    disk.full ? disk.refuse() : fs.writeFileSync(...args);
  const writeSync = (...args: [never, never, never]) => (disk.full ? disk.refuse() : fs.writeSync(...args));
  return { ...fs, writeFileSync, writeSync };
});

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  const open = async (...args: Parameters<typeof fs.open>) => {
    const file = await fs.open(...args);
    const write = file.write.bind(file);
    const guarded = async (...args: Parameters<typeof write>) => (disk.full ? disk.refuse() : write(...args));
    return Object.assign(file, { write: guarded });
  };
  return { ...fs, open };
});

beforeEach(() => {
  disk.full = false;
});

const names = () => readdirSync(home, { recursive: true, encoding: 'utf8' }).sort();

it('is told in one line by every command that writes, which leaves nothing behind', async () => {
  await withTrainedRun();
  writeFileSync(join(home, 'sweep.json'), '{"grid": {"seed": [0, 1]}}');
  const pixels = { width: 2, height: 2, channels: 3, data: new Uint8Array(12) } as const;
  writeFileSync(join(home, 'image.png'), encode(pixels));
  const before = names();
  for (const [line, subject] of [
    ['train TINY --out a', '--out: '],
    ['resume run --set epochs=4', 'fileStore: '],
    ['predict run image.png --grad-cam heat.png', '--grad-cam: '],
    ['export run --format onnx --out a.onnx', 'export: '],
    ['export run --format tfjs --out a', 'export: '],
    ['lr-find TINY --steps 10 --html a.html', '--html: '],
    ['sweep sweep.json --out a', '--out: '],
    ['sweep sweep.json --out a --slurm a.sh', '--out: '],
    ['sweep sweep.json --out a --kubernetes a.json', '--kubernetes: '],
    ['compare run run --html a.html', '--html: '],
    ['report run', 'report: '],
    ['data sample --columns 2 --out a.png', '--out: '],
  ] as const) {
    const args = line.split(' ').flatMap((word) => (word === 'TINY' ? tinyRun : [word]));
    disk.full = true;
    const { code, err } = await xcp(args);
    disk.full = false;
    expect.soft(code, line).toBe(1);
    expect.soft(err.startsWith(subject), `${line}: ${err}`).toBe(true);
    expect.soft(err, line).toMatch(/^[^\n]*ENOSPC: no space left on device[^\n]*\n$/);
    expect.soft(names(), line).toEqual(before);
  }
});

it('in the middle of a run ends it, and the run goes on from its last checkpoint to the same bits', async () => {
  await xcp(trainArgs('whole'));
  const stopped = await xcp(trainArgs('run', '--json'), {
    onText: (text) => {
      if (text.includes('"event":"checkpoint"')) disk.full = true;
    },
  });
  disk.full = false;
  expect(stopped.code).toBe(1);
  expect(jsonLines(stopped.out).at(-1)).toEqual({
    event: 'error',
    message: expect.stringContaining('ENOSPC: no space left on device'),
  });
  expect(stopped.err).toContain(
    'The run is kept. Continue it, once that is put right, with\n  xcp resume run\n',
  );
  expect(existsSync(join(home, 'run', 'result.json'))).toBe(false);
  expect((await xcp(['resume', 'run'])).code).toBe(0);
  expect(outcome('run')).toEqual(outcome('whole'));
});

it('or whatever keeps the report from being written makes no failure of a run', async () => {
  const { code, out } = await xcp(trainArgs('run'), {
    onText: (text) => {
      if (/^ +1\/3 /.test(text)) mkdirSync(join(home, 'run', 'report.html.tmp'));
    },
  });
  expect(code).toBe(0);
  expect(out.match(/report\.html cannot be written .*EISDIR.*; `xcp report run` tries again/g)).toHaveLength(
    2,
  );
  expect(out).not.toContain('report    ');
  expect(json('run', 'result.json').test.count).toBe(20);
  rmdirSync(join(home, 'run', 'report.html.tmp'));
  expect((await xcp(['report', 'run'])).code).toBe(0);
  expect(read('run', 'report.html').toString()).toContain('Test accuracy');
});
