import { describe, expect, it } from 'vitest';
import type { Io } from '../io';
import { memoryTerminal } from '../testing/memory-io';
import { progress } from '../testing/progress';
import { classTable } from './class-table';
import { epochHeading, epochRow } from './epoch-table';
import { formatDuration } from './format';
import { createOutput } from './output';
import { barLine, logLine } from './progress-line';
import { wrap } from './wrap';

const memory = (isTTY: boolean, columns = 80) => memoryTerminal(undefined, { isTTY, columns });

it('a duration reads like a clock', () => {
  expect([0, 7.4, 754, 3723, Number.POSITIVE_INFINITY].map(formatDuration)).toEqual([
    '0:00',
    '0:07',
    '12:34',
    '1:02:03',
    '–',
  ]);
});

describe('a line of progress', () => {
  it('holds everything in a log', () => {
    expect(logLine(progress)).toBe(
      'epoch 100/200  step 17500/35200  loss 1.235  acc 56.3 %  1:02:03 left  1,235 img/s  lr 0.045',
    );
  });

  it('fits the terminal, however narrow', () => {
    for (let columns = 10; columns < 140; columns++) {
      expect(barLine(progress, columns).length, `${columns} columns`).toBeLessThanOrEqual(columns);
    }
  });

  it('keeps epoch, step and loss at 60 columns, and shows everything at 120', () => {
    expect(barLine(progress, 60)).toMatch(/^\[=* *\] epoch 100\/200 {2}step 17500\/35200 {2}loss 1\.235/);
    expect(barLine(progress, 120)).toContain(logLine(progress));
  });

  it('fills its bar with the steps done', () => {
    const filled = (step: number) => barLine({ ...progress, step }, 132).split('=').length - 1;
    expect(filled(0)).toBe(0);
    expect(filled(17_600)).toBe(12);
    expect(filled(35_200)).toBe(24);
  });
});

it('an epoch takes one line under its heading, within 60 columns', () => {
  const row = epochRow({
    epoch: 100,
    epochs: 200,
    loss: 1.23456,
    accuracy: 0.5625,
    validation: { loss: 1.1, accuracy: 0.601 },
    seconds: 3723,
    best: true,
  });
  expect(row.trim().split(/ {2,}/)).toEqual([
    '100/200',
    '1.235',
    '56.3 %',
    '1.100',
    '60.1 %',
    '1:02:03',
    '*',
  ]);
  expect(row.length).toBeLessThanOrEqual(60);
  expect(epochHeading(false).length).toBeLessThanOrEqual(row.length);
});

it.each([40, 41, 48, 55, 56, 60, 65, 80])(
  'an epoch and its heading fit %i columns, the figures below their names',
  (most) => {
    const figures = { epoch: 100, epochs: 200, loss: 1.23456, accuracy: 0.5625, seconds: 3723, best: true };
    const validation = { loss: 1.1, accuracy: 0.601 };
    for (const averages of [{}, { ema: { accuracy: 0.612 } }]) {
      const averaged = 'ema' in averages;
      const [heading, row] = [
        epochHeading(averaged, most),
        epochRow({ ...figures, validation, ...averages }, most),
      ];
      expect(row.length).toBeLessThanOrEqual(most);
      expect(heading.length).toBeLessThanOrEqual(row.length);
      // What is judged by stays.
      expect(row).toContain('100/200');
      expect(heading.indexOf('val acc') + 'val acc'.length).toBe(row.indexOf('60.1 %') + 6);
      if (averaged) expect(heading.indexOf('ema acc') + 'ema acc'.length).toBe(row.indexOf('61.2 %') + 6);
      expect(row.includes('1:02:03')).toBe(most >= (averaged ? 65 : 56));
      expect(heading.includes('time')).toBe(row.includes('1:02:03'));
    }
  },
);

it('an epoch of a run with averages tells their accuracy too', () => {
  const figures = { epoch: 1, epochs: 2, loss: 1, accuracy: 0.5, seconds: 1, best: false };
  const row = (ema: { accuracy: number } | null) => epochRow({ ...figures, validation: null, ema });
  expect(row({ accuracy: 0.612 }).trim().split(/ {2,}/).at(-2)).toBe('61.2 %');
  expect(row(null).trim().split(/ {2,}/).at(-2)).toBe('–');
  expect(epochHeading(true).indexOf('ema acc') + 'ema acc'.length).toBe(
    row({ accuracy: 0.612 }).indexOf('61.2 %') + 6,
  );
});

it('the table of classes fits 60 columns', () => {
  const table = classTable([{ name: 'automobile', correct: 987, total: 1000, accuracy: 0.987 }]);
  expect(table).toMatch(/automobile.*987\/1000.*98\.7 %/);
  for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
});

it('wrap breaks at spaces only', () => {
  expect(wrap('one two three fourteen', 8)).toBe('one two\nthree\nfourteen');
});

describe('output', () => {
  const io = (isTTY: boolean, env: Io['env'] = {}) => {
    const [stdout, stderr] = [memory(isTTY), memory(isTTY)];
    return { stdout, stderr, env } as unknown as Io & { stdout: typeof stdout; stderr: typeof stderr };
  };

  it('goes to people on stdout, and with --json to people on stderr and to programs on stdout', () => {
    const plain = io(false);
    createOutput(plain, false).say('hello');
    createOutput(plain, false).emit({ a: 1 });
    expect([plain.stdout.text(), plain.stderr.text()]).toEqual(['hello\n', '']);
    const json = io(false);
    createOutput(json, true).say('hello');
    createOutput(json, true).emit({ a: 1 });
    expect([json.stdout.text(), json.stderr.text()]).toEqual(['{"a":1}\n', 'hello\n']);
  });

  it('has colours on a terminal, unless NO_COLOR is set', () => {
    const bold = (target: Io) => createOutput(target, false).colors.bold('x');
    expect(bold(io(true))).not.toBe('x');
    expect(bold(io(true, { NO_COLOR: '1' }))).toBe('x');
    expect(bold(io(false))).toBe('x');
  });

  it('is plain text without an escape code where the terminal is dumb, or nobody looks', () => {
    for (const plain of [io(true, { TERM: 'dumb' }), io(false)]) {
      const output = createOutput(plain, false);
      output.status(() => 'under way');
      output.say(output.colors.bold('said'));
      output.clear();
      expect(plain.stdout.text()).toBe('said\n');
      expect(output.isTerminal).toBe(false);
    }
  });
});
