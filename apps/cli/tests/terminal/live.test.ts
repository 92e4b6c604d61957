import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeRecords } from '@xcp/cifar10';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tinyCifar10 } from '../../src/testing/tiny-cifar10';
import { hasScript, onTerminal } from './on-terminal';

const EPOCHS = 30;
const settings = [
  'model.stem.filters=[4,8]',
  'model.entryFilters=[8]',
  'model.middleBlocks=1',
  'model.exitFilters=[8,16]',
  'model.finalFilters=[16]',
  'data.size=16',
  'data.validationShare=0.2',
  'batchSize=2',
  `epochs=${EPOCHS}`,
].flatMap((setting) => ['--set', setting]);

let folder: string;
let train: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xcp-terminal-'));
  const [trainFile, testFile] = [join(folder, 'train.bin'), join(folder, 'test.bin')];
  writeFileSync(trainFile, encodeRecords(tinyCifar10.train));
  writeFileSync(testFile, encodeRecords(tinyCifar10.test));
  train = ['--records', trainFile, testFile, 'train', '--preset', 'quickstart', ...settings, '--out', 'run'];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The numbers of the epochs whose lines are there, whole, in their order. */
const epochsIn = (lines: readonly string[]) =>
  lines.flatMap((line) => {
    const row = /^ +(\d+)\/(?:30|3) +[\d.]+ +[\d.]+ % +[\d.]+ +[\d.]+ % +\d+:\d\d( +\*)?$/.exec(line);
    return row ? [Number(row[1])] : [];
  });

const isBlock = (lines: readonly string[]) => lines.some((line) => /^run +[━─]+ \d+\/\d+$/.test(line));

// The program that runs is the built one; `npm test` builds it first.
const built = existsSync(new URL('../../dist/index.js', import.meta.url));
const missing = !built ? 'the CLI is not built' : !hasScript ? "util-linux's `script` is not there" : '';

describe.skipIf(missing)(`xcp train on a terminal${missing && ` (skipped: ${missing})`}`, () => {
  it('shows bars and curves below the epochs, and leaves the epochs and the cursor', async () => {
    const screens: string[][] = [];
    const done = await onTerminal(train, { columns: 60, rows: 24 }, folder, {
      onScreen: ({ screen }) => void screens.push(screen),
    });
    expect(done.code).toBe(0);
    const full = screens.filter((screen) => isBlock(screen) && epochsIn(screen).length >= 2).at(-1)!;
    const text = full.join('\n');
    for (const part of [
      /^(epoch \d+\/30|validation) +[━─]+ +\d+\/\d+$/m,
      /^loss +[\u2800-\u28ff]+ +acc +[\u2800-\u28ff]+$/m,
      /^val loss [\u2800-\u28ff]+ +val acc +[\u2800-\u28ff]+$/m,
      /lr 0\.\d+ .*img\/s .*left/,
      /RSS [\d.]+ [MG]iB\s+run$/m,
    ]) {
      expect(text).toMatch(part);
    }
    expect(text.match(/^run /gm)).toHaveLength(1);

    expect(epochsIn(done.all)).toEqual(Array.from({ length: EPOCHS }, (_, i) => i + 1));
    expect(isBlock(done.all)).toBe(false);
    expect(done.all.join('\n')).toContain('test accuracy');
    expect(done.written).toContain('\u001b[?25l');
    expect(done.cursorShown).toBe(true);
  });

  it('keeps an epoch to its line on a terminal of 40 columns', async () => {
    const done = await onTerminal([...train, '--set', 'epochs=2'], { columns: 40, rows: 24 }, folder);
    expect(done.code).toBe(0);
    const heading = done.all.findIndex((line) => line.startsWith('  epoch'));
    expect(done.all[heading]).toMatch(/^ +epoch +loss +val loss +val acc$/);
    for (const epoch of [1, 2]) {
      expect(done.all[heading + epoch]).toMatch(
        new RegExp(`^ +${epoch}/2 +[\\d.]+ +[\\d.]+ +[\\d.]+ %( +\\*)?$`),
      );
    }
  });

  it('is whole after the terminal was made narrower, and one line once it is low', async () => {
    let stage = 0;
    const narrow: string[][] = [];
    const low: string[][] = [];
    const done = await onTerminal(train, { columns: 80, rows: 24 }, folder, {
      onScreen({ screen, all, resize }) {
        if (stage > 0) [narrow, low][stage - 1]!.push(screen);
        if (stage === 0 && isBlock(screen) && epochsIn(all).length >= 2) {
          stage = 1;
          resize({ columns: 60, rows: 24 });
        } else if (stage === 1 && narrow.filter(isBlock).length >= 8) {
          stage = 2;
          resize({ columns: 60, rows: 8 });
        }
      },
    });
    expect(done.code).toBe(0);
    const bars = (screen: string[]) => screen.filter((line) => /^run +[━─]/.test(line)).length;
    // What was drawn before the signal came may still be there.
    expect(Math.max(...narrow.slice(2).map(bars))).toBe(1);
    expect(low.some((screen) => screen.some((line) => /^\[=* *\] epoch \d+\/30/.test(line)))).toBe(true);
    expect(epochsIn(done.all)).toEqual(Array.from({ length: EPOCHS }, (_, i) => i + 1));
    expect(done.cursorShown).toBe(true);
  });

  it('stops at Ctrl-C with the step saved, says how to go on, and goes on', async () => {
    let pressed = false;
    const stopped = await onTerminal(train, { columns: 60, rows: 24 }, folder, {
      onScreen({ screen, all, type }) {
        if (pressed || !isBlock(screen) || epochsIn(all).length < 2) return;
        pressed = true;
        type('\u0003');
      },
    });
    expect(stopped.code).toBe(130);
    const text = stopped.all.join('\n');
    expect(text).toMatch(/^Stopping \(/m);
    // Where the program lies deep, the terminal wraps the command, in the middle of a word if need be.
    expect(text.replaceAll(/\s/g, '')).toMatch(/Stoppedatstep\d+,whichissaved\.Continuewithnode.*resumerun/);
    expect(text).not.toContain('^C');
    expect(isBlock(stopped.all)).toBe(false);
    expect(stopped.cursorShown).toBe(true);
    const before = epochsIn(stopped.all);
    const resumed = await onTerminal(
      [...train.slice(0, 3), 'resume', 'run'],
      { columns: 60, rows: 24 },
      folder,
    );
    expect(resumed.code).toBe(0);
    expect([...before, ...epochsIn(resumed.all)]).toEqual(Array.from({ length: EPOCHS }, (_, i) => i + 1));
  });

  it('ends at once at the second Ctrl-C, with the cursor shown', async () => {
    let pressed = false;
    const stopped = await onTerminal(train, { columns: 60, rows: 24 }, folder, {
      onScreen({ screen, type }) {
        if (pressed || !isBlock(screen)) return;
        pressed = true;
        type('\u0003\u0003');
      },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.cursorShown).toBe(true);
    expect(isBlock(stopped.all)).toBe(false);
  });

  it('saves at SIGTERM too, and shows the cursor', async () => {
    let asked = false;
    const stopped = await onTerminal(train, { columns: 120, rows: 24 }, folder, {
      onScreen({ screen, terminate }) {
        if (asked || !isBlock(screen)) return;
        asked = true;
        terminate();
      },
    });
    expect(stopped.code).toBe(143);
    expect(stopped.all.join('\n')).toMatch(/^Stopped at step \d+, which is saved/m);
    expect(stopped.cursorShown).toBe(true);
    expect(isBlock(stopped.all)).toBe(false);
  });

  it('draws without colours where NO_COLOR is set, and without any escape code on a dumb terminal', async () => {
    const short = [...train, '--set', 'epochs=3'];
    const plain = await onTerminal(short, { columns: 60, rows: 24 }, folder, { env: { NO_COLOR: '1' } });
    expect(plain.code).toBe(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what sets a colour.
    expect(plain.written).not.toMatch(/\u001b\[[\d;]*m/);
    expect(plain.written).toContain('\u001b[?25l');
    rmSync(join(folder, 'run'), { recursive: true, force: true });

    const done = await onTerminal(short, { columns: 60, rows: 24 }, folder, { env: { TERM: 'dumb' } });
    expect(done.code).toBe(0);
    expect(done.written.length).toBeGreaterThan(0);
    expect(done.written).not.toContain('\u001b');
    expect(epochsIn(done.all)).toEqual([1, 2, 3]);
  });
});
