import { readdirSync, readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { cpuEngine } from '@xcp/backend/engines';
import { describe, expect, it } from 'vitest';
import { parseBytes } from '../planning/parse-bytes';
import { home, jsonLines, services, tinyRun, withTrainedRun, xcp } from '../testing/harness';

describe('xcp plan', () => {
  it('explains at which batch the reference would have run out of 8 GiB', async () => {
    const reference = async (preset: string) =>
      (await xcp(['plan', '--preset', preset, '--memory', '8GiB', '--no-measure'])).out;
    const at299 = await reference('reference-299');
    expect(at299).toContain('8.0 GiB are too little from batch');
    expect(at299).toContain('26 at 299 px');
    const at128 = await reference('reference-128');
    expect(at128).toContain('146 at 128 px');
    expect(at128).toMatch(
      /At 299 px a batch of 64 takes 19\.5 GiB .*25 fit, or 64 in micro-batches: --set microBatchSize=16/,
    );
    expect(at299).toContain('smallest  7×7 pixels');
  });

  it('measures the speed at the sizes asked for, and fits 60 columns', async () => {
    const { code, out } = await xcp(['plan', ...tinyRun, '--sizes', '8,12', '--json']);
    expect(code).toBe(0);
    const { sizes, batchSize } = jsonLines(out).at(-1);
    expect(batchSize).toBe(10);
    expect(sizes.map(({ size }: { size: number }) => size)).toEqual([8, 12]);
    for (const { imagesPerSecond } of sizes) expect(imagesPerSecond).toBeGreaterThan(0);
    const text = (await xcp(['plan', '--no-measure'])).out;
    const table = text.split('\n').filter((line) => line.startsWith('│'));
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(70);
  });

  it.each([
    [['--memory', 'much'], 'must be a number of bytes with a unit'],
    [['--sizes', '32,x'], 'must be whole numbers above 0'],
    [['--set', 'batchSize=0'], '`batchSize` must be at least 1'],
  ])('refuses %j', async (options, message) => {
    const { code, err } = await xcp(['plan', ...options]);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });

  it('asks for the memory of a GPU, which does not tell it, and takes that of the machine otherwise', async () => {
    const using = { ...services(), engines: [{ ...cpuEngine, name: 'cuda' as const }] };
    const asked = ['plan', ...tinyRun, '--sizes', '8', '--no-measure'];
    const { code, err } = await xcp(asked, {}, using);
    expect(code).toBe(1);
    expect(err).toContain('--memory: must be given for a GPU');
    expect((await xcp([...asked, '--memory', '8GiB'], {}, using)).code).toBe(0);
    const { memory } = jsonLines((await xcp([...asked, '--json'])).out).at(-1);
    expect(memory).toBeLessThanOrEqual(totalmem());
  });

  it('says of a size that is too small that it is', async () => {
    const { out } = await xcp(['plan', '--preset', 'reference-128', '--sizes', '6,32', '--no-measure']);
    expect(out).toContain('At 6 px the network cannot be built: a map would be empty.');
  });
});

it.each([
  ['8GiB', 2 ** 33],
  ['1.5 GB', 1.5e9],
  ['512mib', 2 ** 29],
  ['1000', 1000],
])('reads %s as an amount of memory', (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

describe('xcp train --dry-run', () => {
  it('tells configuration, shapes, parameters, memory and time, and leaves nothing behind', async () => {
    const { code, out, err } = await xcp(['train', ...tinyRun, '--dry-run', '--json', '--out', 'run']);
    expect(code).toBe(0);
    const told = jsonLines(out).at(-1);
    expect(told).toMatchObject({ preset: 'reference-32-adam', steps: 12_000, fits: true });
    expect(told.config).toMatchObject({ batchSize: 10, data: { size: 8 } });
    const sum = told.layers.reduce(
      (all: number, { parameters }: { parameters: number }) => all + parameters,
      0,
    );
    expect(sum).toBe(told.parameters.total);
    // Of the 50,000 images of CIFAR-10, less a fifth for validation.
    expect(told.seconds).toBeCloseTo(120_000 / told.imagesPerSecond, 6);
    expect(err).toContain('block1_conv1 ');
    expect(readdirSync(home)).toEqual([]);
  });

  it('checks what is asked for as a training does', async () => {
    const { code, err } = await xcp(['train', '--dry-run', '--set', 'data.size=0']);
    expect(code).toBe(1);
    expect(err).toContain('`data.size`');
  });
});

describe('xcp lr-find', () => {
  it('tells the curve and what it suggests, and makes no run', async () => {
    const args = ['lr-find', ...tinyRun, '--steps', '40', '--html', 'rates.html', '--json'];
    const { code, out, err } = await xcp(args);
    expect(code).toBe(0);
    const { points, suggestions } = jsonLines(out).at(-1);
    expect(points.length).toBeGreaterThan(10);
    expect(points[0].learningRate).toBe(1e-5);
    expect(suggestions.steepest.learningRate).toBeGreaterThan(1e-5);
    expect(err).toContain('steepest');
    expect(readFileSync(join(home, 'rates.html'), 'utf8')).toContain('learning-rate range test');
  });

  it('refuses a range that is none', async () => {
    const { code, err } = await xcp(['lr-find', '--min', '1', '--max', '0.1']);
    expect(code).toBe(1);
    expect(err).toContain('--max: must be above --min 1, received 0.1');
  });
});

describe('xcp compare', () => {
  it('lays runs beside each other, tells where they differ and how surely', async () => {
    await withTrainedRun();
    const more = (out: string, ...sets: string[]) =>
      xcp(['train', '--config', 'run/config.json', ...sets.flatMap((set) => ['--set', set]), '--out', out]);
    await more('run1', 'seed=1');
    await more('slow0', 'schedule.learningRate=0.0001');
    await more('slow1', 'schedule.learningRate=0.0001', 'seed=1');
    const { code, out } = await xcp([
      'compare',
      'run',
      'run1',
      'slow0',
      'slow1',
      '--json',
      '--html',
      'page.html',
    ]);
    expect(code).toBe(0);
    const told = jsonLines(out).at(-1);
    expect(told.differences.map(({ key }: { key: string }) => key)).toEqual([
      'schedule.learningRate',
      'seed',
    ]);
    expect(told.metric).toBe('test');
    expect(told.groups.map(({ runs }: { runs: string[] }) => runs.length)).toEqual([2, 2]);
    const accuracies = told.runs.map(({ test }: { test: number }) => test);
    const means = told.groups.map(({ accuracy }: { accuracy: { mean: number } }) => accuracy.mean);
    expect([...means].sort()).toEqual(
      [(accuracies[0] + accuracies[1]) / 2, (accuracies[2] + accuracies[3]) / 2].sort(),
    );
    expect(readFileSync(join(home, 'page.html'), 'utf8')).toContain('4 runs compared');
  });

  it('trains a run again from its record alone, to the same bits', async () => {
    await withTrainedRun();
    await xcp(['train', '--config', 'run/config.json', '--out', 'again']);
    const weights = (run: string) => readFileSync(join(home, run, 'model', 'weights.bin'));
    expect(weights('again').equals(weights('run'))).toBe(true);
  });

  it.each([
    [['compare', 'run'], 'takes two runs at least'],
    [['compare', 'run', 'nothing'], 'run: must be a folder made by `xcp train`'],
    [['report', 'nothing'], 'run: must be a folder made by `xcp train`'],
    [['watch', 'nothing', '--no-open'], 'run: must be a folder made by `xcp train`'],
  ])('has one clear error for %j', async (args, message) => {
    const { code, err } = await xcp(args);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
  });
});
