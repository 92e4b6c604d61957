import { createColors } from 'picocolors';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { progress } from '../testing/progress';
import { extentLine } from './bar-line';
import { type LiveRun, liveBlock } from './live-block';
import { barLine } from './progress-line';

const plain = createColors(false);
const run: LiveRun = {
  progress,
  epoch: { name: 'epoch 100/200', done: 76, total: 176 },
  training: { losses: [3, 2, 1.235], accuracies: [0.1, 0.3, 0.5625] },
  validation: { losses: [2, 1.5], accuracies: [0.2, 0.4] },
  tensorBytes: 300 * 2 ** 20,
  residentBytes: 1.5 * 2 ** 30,
  folder: 'runs/2026-11-27-reference',
};
const lines = (columns: number, rows = 24, changed: Partial<LiveRun> = {}) =>
  liveBlock({ ...run, ...changed }, columns, rows, plain).split('\n');

describe('the live block', () => {
  it('at 60 columns has two bars, two curves of two lines each, and the facts', () => {
    expect(lines(60)).toEqual([
      'epoch 100/200 ━━━━━━━━━━━━━━━───────────────────      76/176',
      'run           ━━━━━━━━━━━━━━━━━───────────────── 17500/35200',
      'loss     ⠉⠉⠉⠉⠉⡇⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀  acc      ⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⡏⠉⠉⠉⠉',
      '1.235    ⠀⠀⠀⠀⠀⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⣇⣀⣀⣀⣀  56.3 %   ⣀⣀⣀⣀⣀⡏⠉⠉⠉⠉⠉⠉⠉⠉⠉⠁⠀⠀⠀⠀',
      'val loss ⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⡇⠀⠀⠀⠀⠀⠀⠀⠀⠀  val acc  ⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⡏⠉⠉⠉⠉⠉⠉⠉⠉⠉',
      '1.500    ⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⣇⣀⣀⣀⣀⣀⣀⣀⣀⣀  40.0 %   ⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡇⠀⠀⠀⠀⠀⠀⠀⠀⠀',
      'lr 0.045  1,235 img/s  1:02:03 left  tensors 300 MiB',
      'RSS 1.5 GiB  runs/2026-11-27-reference',
    ]);
  });

  it('tells everything on terminals of 40, 60, 80 and 120 columns', () => {
    for (const columns of [40, 60, 80, 120]) {
      const text = lines(columns).join('\n');
      for (const fact of [
        /^epoch 100\/200 ━+─+ +76\/176$/m,
        /^run +━+─+ 17500\/35200$/m,
        /^loss +[\u2801-\u28ff][\u2800-\u28ff]* +acc +[\u2800-\u28ff]+$/m,
        /^1\.235 +[\u2800-\u28ff]+ +56\.3 % +[\u2800-\u28ff]+$/m,
        /^val loss [\u2800-\u28ff]+ +val acc +[\u2800-\u28ff]+$/m,
        /^1\.500 +[\u2800-\u28ff]+ +40\.0 % +[\u2800-\u28ff]+$/m,
        /lr 0\.045/,
        /1,235 img\/s/,
        /1:02:03 left/,
        /tensors 300 MiB/,
        /RSS 1\.5 GiB/,
        /runs\/2026-11-27-reference$/,
      ]) {
        expect(text, `${columns} columns`).toMatch(fact);
      }
    }
  });

  it('is never wider nor higher than the terminal, with colours and without', () => {
    const folder = `runs/${'long/'.repeat(40)}`;
    for (let columns = 10; columns <= 140; columns++) {
      for (const rows of [5, 10, 13, 14, 24]) {
        for (const colors of [plain, createColors(true)]) {
          const drawn = liveBlock({ ...run, folder }, columns, rows, colors).split('\n');
          // The cursor stands on a line of its own below.
          expect(drawn.length, `${columns}×${rows}`).toBeLessThan(rows);
          for (const line of drawn) expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
        }
      }
    }
  });

  it('is one line where there are fewer than 10 rows or 40 columns', () => {
    expect(lines(60, 9)).toEqual([barLine(run.progress, 60)]);
    expect(lines(39)).toEqual([barLine(run.progress, 39)]);
    expect(lines(60, 10)).toHaveLength(6);
  });

  it('fills its bars with what is done', () => {
    const filled = (done: number) =>
      lines(60, 24, { epoch: { name: 'epoch 1/2', done, total: 100 } })[0]!.split('━').length - 1;
    expect(filled(0)).toBe(0);
    expect(filled(100)).toBe(2 * filled(50));
    expect(filled(100)).toBeGreaterThan(20);
  });

  it('draws the last steps: a loss that falls goes down, and the newest figure is the one told', () => {
    const [, , loss] = lines(60, 10, { training: { losses: [2, 1], accuracies: [0, 1] } });
    const curveOf = (line: string) => /[\u2800-\u28ff]+/.exec(line)![0];
    expect(loss).toMatch(/^loss +1\.000 /);
    expect(curveOf(loss!)).toMatch(/^⠉+⡇?.?⣀+$/u);
    const [, , rising] = lines(60, 10, { training: { losses: [1, 2], accuracies: [0, 1] } });
    expect(curveOf(rising!)).toMatch(/^⣀+.?⠉+$/u);
    // Of more steps than there are dots the oldest are left out.
    const many = Array.from({ length: 500 }, (_, i) => (i < 400 ? 1000 : i));
    const late = lines(60, 10, { training: { losses: many, accuracies: [] } })[2];
    const last = lines(60, 10, { training: { losses: many.slice(-40), accuracies: [] } })[2];
    expect(late!.slice(0, 29)).toBe(last!.slice(0, 29));
  });

  it('has no curve of validation in a run without, and no figure before the first', () => {
    expect(lines(60, 24, { validation: null }).join('\n')).not.toContain('val');
    const none = { losses: [], accuracies: [] };
    expect(lines(60, 24, { validation: none, training: none }).join('\n')).toMatch(/^val loss +val acc *$/m);
    expect(lines(60, 24, { training: { losses: [Number.NaN], accuracies: [] } })[3]).toMatch(/^–/);
  });
});

it('a bar without room is its name and figures', () => {
  const extent = { name: 'validation', done: 5, total: 10 };
  expect(extentLine(extent, 30, plain)).toBe('validation ━━━━━━━─────── 5/10');
  expect(extentLine(extent, 12, plain)).toBe('validation 5');
});
