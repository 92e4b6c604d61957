import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { judge } from './judge.mjs';
import { markdown, writeBetween } from './table.mjs';

const ran = (runtime, engine, bits, more = {}) => ({
  ...{ runtime, engine, state: 'ran', bits, exact: true, losses: [2, 1] },
  ...more,
});

describe('judge', () => {
  const judgedLast = (...cells) => judge(cells).cells.at(-1);

  it('wants the same bits of an engine of ours in every runtime', () => {
    expect(judgedLast(ran('A', 'xcp', '1'), ran('B', 'xcp', '1'))).toMatchObject({ same: true });
    const other = judgedLast(ran('A', 'xcp', '1'), ran('B', 'xcp', '2'));
    expect(other).toMatchObject({ state: 'failed', reason: 'must come to the bits of A: 1, received 2' });
    const webgpu = [ran('A', 'webgpu', '1'), ran('B', 'webgpu', '2')];
    expect(judgedLast(ran('A', 'xcp', '1'), ...webgpu)).toMatchObject({ state: 'ran', same: false });
  });

  it('wants a run that was stopped to end as one that was not', () => {
    expect(judgedLast(ran('A', 'cpu', '1', { exact: false })).state).toBe('failed');
    expect(judgedLast(ran('A', 'cuda', '1', { exact: false }))).toMatchObject({ state: 'ran', same: false });
    const resumed = judgedLast(ran('A', 'cpu', '1'), ran('A', 'cuda', '1', { resumed: [2, 1.1] }));
    expect(resumed.state).toBe('failed');
  });

  it('wants losses within 1e-3 across engines, and numbers', () => {
    const beside = (losses) => judgedLast(ran('A', 'xcp', '1'), ran('A', 'webgpu', '2', { losses })).state;
    expect(beside([2.001, 1])).toBe('ran');
    expect(beside([2, 1.002])).toBe('failed');
    expect(beside([2, Number.NaN])).toBe('failed');
  });
});

describe('the table', () => {
  let folder;
  afterEach(() => folder && rmSync(folder, { recursive: true, force: true }));

  it('has a row for each runtime, and says below it why a cell was not run', () => {
    const { cells } = judge([
      ran('A', 'xcp', '1'),
      { runtime: 'A', engine: 'cuda', state: 'not run', reason: 'is not installed' },
      { runtime: 'B', engine: 'cuda', state: 'not run', reason: 'is not installed' },
      ran('B', 'xcp', '2'),
    ]);
    expect(markdown(cells, ['cuda', 'xcp']).split('\n')).toEqual([
      '|  | `cuda` | `xcp` |',
      '|---|---|---|',
      '| A | not run [1] | trains, resumes, same bits |',
      '| B | not run [1] | **fails** [2] |',
      '',
      '1. is not installed',
      '2. must come to the bits of A: 1, received 2',
    ]);
  });

  it('is written between the markers of a file, which it keeps', () => {
    folder = mkdtempSync(join(tmpdir(), 'xcp-table-'));
    const file = join(folder, 'README.md');
    const around = (text) => `a\n<!-- runtimes: begin -->\n${text}<!-- runtimes: end -->\nb\n`;
    writeFileSync(file, around(''));
    writeBetween(file, 'one');
    writeBetween(file, 'two');
    expect(readFileSync(file, 'utf8')).toBe(around('two\n'));
    writeFileSync(file, 'no markers');
    expect(() => writeBetween(file, 'one')).toThrow('must have the lines');
  });
});
