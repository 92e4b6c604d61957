import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveConfig } from '../config/resolve';
import { checkNewRunFolder } from './check-folder';
import { defaultFolder } from './default-folder';
import { gitCommit, machine, versions } from './provenance';
import { createRun, type RunRecord, readRun } from './run-record';
import { writeFile } from './write-file';
import { writeJson } from './write-json';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'xcp-folder-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const record: RunRecord = {
  format: 1,
  preset: 'quickstart',
  config: resolveConfig({}),
  data: { source: null, cacheDir: null },
  init: null,
  engine: { name: 'cpu', detail: 'plain JavaScript', passedOver: [{ name: 'xcp', reason: 'not built' }] },
  parameters: 10,
  versions: versions(),
  gitCommit: null,
  machine: machine(),
  command: 'xcp train',
  startedAt: '2026-11-24T00:00:00.000Z',
  resumed: [],
};

it('the default folder names the preset and the time', () => {
  expect(defaultFolder('quickstart', new Date(2026, 10, 4, 9, 5, 7))).toBe(
    join('runs', 'quickstart-20261104-090507'),
  );
});

describe('checkNewRunFolder', () => {
  it('accepts a folder that is not there, is empty, or holds other things, and writes nothing', () => {
    mkdirSync(join(home, 'empty'));
    mkdirSync(join(home, 'other'));
    writeFileSync(join(home, 'other', 'log.txt'), '');
    for (const name of ['new/deep/run', 'empty', 'other']) checkNewRunFolder(join(home, name));
    expect(readdirSync(home)).toEqual(['empty', 'other']);
    expect(readdirSync(join(home, 'empty'))).toEqual([]);
  });

  it('refuses a folder that holds a run and names `xcp resume`', () => {
    const run = join(home, 'run');
    createRun(run, record);
    expect(() => checkNewRunFolder(run)).toThrow(
      `--out: "${run}" holds a run already; continue it with \`xcp resume ${run}\` or name another folder`,
    );
  });

  it('refuses a folder whose files a run would overwrite', () => {
    mkdirSync(join(home, 'model'));
    expect(() => checkNewRunFolder(home)).toThrow(
      `--out: "${home}" holds "model", which a run would overwrite`,
    );
  });

  it('refuses a file, and a folder below a file', () => {
    const file = join(home, 'file');
    writeFileSync(file, '');
    expect(() => checkNewRunFolder(file)).toThrow(`--out: must be a folder, received the file "${file}"`);
    expect(() => checkNewRunFolder(join(file, 'run'))).toThrow(
      `--out: must lie in a folder, but "${file}" is a file`,
    );
  });

  it('refuses a disk without room for the run', () => {
    expect(() => checkNewRunFolder(join(home, 'run'), 1e18)).toThrow(
      /--out: the run needs about 1000000000000 MB .* has \d+ MB left/,
    );
  });
});

describe('a run record', () => {
  it('is read back as it was written', () => {
    createRun(join(home, 'a', 'run'), record);
    expect(readRun(join(home, 'a', 'run'))).toEqual(record);
    expect(readdirSync(join(home, 'a', 'run'))).toEqual(['config.json']);
  });

  it('that cannot be written leaves nothing behind', () => {
    const broken = { ...record, loop: {} };
    broken.loop = broken;
    expect(() => createRun(join(home, 'a', 'run'), broken)).toThrow(/--out: .* cannot be written to/);
    expect(existsSync(join(home, 'a'))).toBe(false);
  });

  it('that is missing, damaged or of another version is told so', () => {
    expect(() => readRun(join(home, 'none'))).toThrow(
      `run: must be a folder made by \`xcp train\`, received "${join(home, 'none')}"`,
    );
    for (const text of ['{"format":', '{"format":2}']) {
      writeFileSync(join(home, 'config.json'), text);
      expect(() => readRun(home)).toThrow(
        /run: ".*config.json" must be the record of a run by this version of xcp, received another \(.+\)$/,
      );
    }
  });
});

it('writeJson keeps the old file where the new one fails', () => {
  const path = join(home, 'x.json');
  writeJson(path, { a: 1 });
  const loop: { loop?: object } = {};
  loop.loop = loop;
  expect(() => writeJson(path, loop)).toThrow();
  expect(readFileSync(path, 'utf8')).toBe('{\n  "a": 1\n}\n');
  expect(readdirSync(home)).toEqual(['x.json']);
});

it('there is no git commit outside of a checkout', () => {
  expect(gitCommit(home)).toBeNull();
});

describe('writeFile', () => {
  it.skipIf(!existsSync('/dev/full'))('writes to what is no file as it is, and leaves it one', () => {
    expect(() => writeFile('/dev/full', 'text')).toThrow('ENOSPC');
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
    writeFile('/dev/null', 'text');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('leaves the old file where the new one cannot be written', () => {
    const path = join(home, 'file');
    writeFileSync(path, 'old');
    mkdirSync(`${path}.tmp`);
    expect(() => writeFile(path, 'new')).toThrow('EISDIR');
    expect(readFileSync(path, 'utf8')).toBe('old');
  });
});
