import { describe, expect, it } from 'vitest';
import { markdownTables } from './markdown.mjs';
import { gemmPeak, summarizeKind } from './summarize.mjs';

const report = (train, more = {}) => ({
  version: '1',
  threads: 2,
  samples: { train },
  peak: { train: 2 ** 30 },
  baseline: 2 ** 26,
  othersShare: 0.01,
  ...more,
});

const measured = {
  config: { name: 'test', size: 32, batch: 10, kinds: ['train'], network: {} },
  macs: 1e8,
  size: 1000,
  gemm: [
    { title: 'ours', reports: [{ samples: { gemm: [25, 20] } }] },
    { title: 'theirs', reports: [{ samples: { gemm: [40] } }] },
  ],
  results: [
    { name: 'xcp', title: 'xcp', reports: [report([100, 110, 300]), report([90]), report([120])] },
    { name: 'slow', title: 'slow', pytorch: true, reports: [report([400]), report([400]), report([400])] },
    { name: 'fast', title: 'fast', pytorch: true, reports: [report([220]), report([360]), report([240])] },
    { name: 'inferring', title: 'inferring', reports: [report([], { samples: { infer: [1] } })] },
  ],
};

describe('summarizeKind', () => {
  const rows = summarizeKind(measured, 'train');

  it('takes the median of each round, then of the rounds, and leaves out who did not train', () => {
    expect(rows.map(({ name }) => name)).toEqual(['xcp', 'slow', 'fast']);
    expect(rows[0].ms).toEqual({ median: 110, min: 90, max: 120 });
    expect(rows[0].imagesPerSecond).toBeCloseTo(90.909, 3);
  });

  it('counts three passes of two operations for each multiply-accumulate', () => {
    expect(rows[0].gflops).toBeCloseTo((6 * 1e8 * 10) / 0.11 / 1e9, 6);
    expect(gemmPeak(measured)).toEqual({ title: 'ours', gflops: 100 });
    expect(rows[0].shareOfPeak).toBeCloseTo(rows[0].gflops / 100, 9);
  });

  it('compares each round with the same round of the better PyTorch layout', () => {
    expect(rows[0].ratio).toEqual({ median: 2, min: 2, max: 4 });
    expect(rows[2].ratio).toEqual({ median: 1, min: 1, max: 1 });
  });

  it('has no ratio where PyTorch was not measured', () => {
    const alone = { ...measured, results: measured.results.slice(0, 1), gemm: [] };
    expect(summarizeKind(alone, 'train')[0]).toMatchObject({ ratio: undefined, shareOfPeak: undefined });
  });
});

describe('markdownTables', () => {
  it('has a line for each contender, and says where the figures come from', () => {
    const summary = { train: summarizeKind(measured, 'train') };
    const text = markdownTables({
      machineLine: 'a machine, 2026-01-02',
      command: 'pnpm bench',
      measured: [{ config: measured.config, summary }],
    });
    expect(text).toContain(
      '| 32 | 10 | xcp 1 | 110.0 (90.0–120.0) | 90.9 | 55 | 55 % | 2.00 (2.00–4.00) | 1024 |',
    );
    expect(text).toMatch(/`pnpm bench`; a machine, 2026-01-02\.$/);
    expect(text).not.toContain('Inference');
  });
});
