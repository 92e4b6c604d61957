import { expect, it } from 'vitest';
import { dataMarkdown, summarizeSetting } from './report.mjs';

const report = (samples, checked = [0, 1]) => ({ version: '1', samples, checked, othersShare: 0.01 });
const results = [
  { name: 'ours', title: 'ours', reports: [report([1, 100, 300]), report([1, 200, 200])] },
  { name: 'theirs', title: 'theirs', reports: [report([999, 100]), report([999, 50], [0, 1.01])] },
  { name: 'others', title: 'others', reports: [report([1, 10], [0, 1.1]), report([1, 10])] },
];
const setting = summarizeSetting({ name: '32', size: 32, workers: 0 }, results);

it('leaves the first epoch out, and compares within a round', () => {
  expect(setting.rows[1].imagesPerSecond).toEqual({ median: 75, min: 50, max: 100 });
  expect(setting.rows[1].ratio).toEqual({ median: 3, min: 2, max: 4 });
});

it('names who makes other images', () => {
  expect(setting.rows.map(({ differs }) => differs)).toEqual([undefined, undefined, 'values differ by 0.10']);
});

it('writes a line for each contender, and the memory where it was measured', () => {
  const text = dataMarkdown({
    settings: [setting],
    memory: { peak: 3.05e8, withWorkers: 3.3e8 },
    command: 'c',
    machineLine: 'm',
  });
  expect(text).toContain('| 32×32 | none | theirs 1 | 75 (50–100) | 3.00 (2.00–4.00) | 1 % |');
  expect(text).toContain('305 MB at the peak, 330 MB with 2 workers');
});
