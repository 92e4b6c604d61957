import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { describe, expect, it } from 'vitest';
import { home, json, jsonLines, services, tinyRun, xcp } from '../testing/harness';

/** The tiny run's settings as the `config` of a sweep. */
const config = Object.fromEntries(
  tinyRun
    .filter((text) => text.includes('='))
    .map((text) => [text.slice(0, text.indexOf('=')), JSON.parse(text.slice(text.indexOf('=') + 1))]),
);

function nested(flat: Record<string, unknown>): object {
  const result: Record<string, Record<string, unknown>> = {};
  for (const [key, value] of Object.entries(flat)) {
    const [section, name] = key.split('.');
    if (name === undefined) result[section!] = value as Record<string, unknown>;
    else result[section!] = { ...result[section!], [name]: value };
  }
  return result;
}

const base = { preset: 'reference-32-adam', config: { ...nested(config), epochs: 1 } };
const grid = { 'schedule.learningRate': [0.001, 0.01], seed: [0, 1, 2] };

function sweepFile(spec: object): string {
  writeFileSync(join(home, 'sweep.json'), `// six runs\n${JSON.stringify(spec)}`);
  return 'sweep.json';
}

describe('xcp sweep', () => {
  it('trains every combination once, ranks them by validation, and does what is missing when called again', async () => {
    const file = sweepFile({ ...base, grid });
    let started = 0;
    const counting = services();
    const dying = {
      ...counting,
      startRun: (threads: number, env: Record<string, string | undefined>) => {
        const start = counting.startRun(threads, env);
        return async (...args: Parameters<typeof start>) => (++started === 3 ? 137 : start(...args));
      },
    };
    const first = await xcp(['sweep', file, '--out', 'out', '--jobs', '2'], {}, dying);
    expect(first.code).toBe(1);
    expect(first.out).toContain('failed with 137: see out/');
    const folders = () =>
      readdirSync(join(home, 'out'), { withFileTypes: true }).filter((it) => it.isDirectory());
    expect(folders()).toHaveLength(5);
    const before = new Map(
      folders().map(({ name }) => [name, statSync(join(home, 'out', name, 'result.json')).mtimeMs]),
    );

    const { code, out } = await xcp(['sweep', file, '--out', 'out', '--json']);
    expect(code).toBe(0);
    const { runs } = jsonLines(out).at(-1);
    expect(runs).toHaveLength(6);
    for (const { id, state, validation, settings } of runs) {
      expect(state).toBe('finished');
      expect(json('out', id, 'result.json').validation.accuracy).toBe(validation);
      const { schedule, seed } = json('out', id, 'config.json').config;
      expect(settings).toEqual({ 'schedule.learningRate': schedule.learningRate, seed });
    }
    const accuracies = runs.map(({ validation }: { validation: number }) => validation);
    expect(accuracies).toEqual([...accuracies].sort((a, b) => b - a));
    for (const [name, time] of before) {
      expect(statSync(join(home, 'out', name, 'result.json')).mtimeMs).toBe(time);
    }
    expect(readFileSync(join(home, 'out', 'sweep.html'), 'utf8')).toContain('schedule.learningRate');
  });

  it('goes on with a run that was begun', async () => {
    const file = sweepFile({ ...base, grid: { seed: [0] } });
    await xcp(['sweep', file, '--out', 'out']);
    const [id] = readdirSync(join(home, 'out')).filter((name) => !name.includes('.'));
    const whole = readFileSync(join(home, 'out', id!, 'model', 'weights.bin'));
    const args: (readonly string[])[] = [];
    const watching = services();
    const seen = {
      ...watching,
      startRun: (threads: number, env: Record<string, string | undefined>) => {
        const start = watching.startRun(threads, env);
        return (...given: Parameters<typeof start>) => {
          args.push(given[0]);
          return start(...given);
        };
      },
    };
    rmSync(join(home, 'out', id!, 'result.json'));
    rmSync(join(home, 'out', id!, 'model'), { recursive: true });
    expect((await xcp(['sweep', file, '--out', 'out'], {}, seen)).code).toBe(0);
    expect(args.map(([command]) => command)).toEqual(['resume']);
    expect(readFileSync(join(home, 'out', id!, 'model', 'weights.bin')).equals(whole)).toBe(true);
  });

  it('draws the same values at random for the same seed, within their ranges', async () => {
    const space = {
      'schedule.learningRate': { min: 1e-4, max: 1e-1, log: true },
      batchSize: { min: 5, max: 9, integer: true },
      'optimizer.name': ['adam', 'sgd'],
    };
    const ids = async (seed: number) => {
      const file = sweepFile({ ...base, random: { runs: 3, seed, space } });
      const { out } = await xcp(['sweep', file, '--out', `out${seed}`, '--json']);
      return jsonLines(out).at(-1).runs as { id: string; settings: Record<string, number> }[];
    };
    const [a, again, b] = [await ids(1), await ids(1), await ids(2)];
    expect(again).toEqual(a);
    expect(b.map(({ id }) => id)).not.toEqual(a.map(({ id }) => id));
    for (const { settings } of [...a, ...b]) {
      expect(settings['schedule.learningRate']).toBeGreaterThanOrEqual(1e-4);
      expect(settings['schedule.learningRate']).toBeLessThanOrEqual(1e-1);
      expect([5, 6, 7, 8, 9]).toContain(settings.batchSize);
    }
  });

  it('does the run of its index, as Slurm and Kubernetes tell it', async () => {
    const file = sweepFile({ ...base, grid });
    const done = () => readdirSync(join(home, 'out')).filter((name) => !name.includes('.')).length;
    await xcp(['sweep', file, '--out', 'out'], { env: { SLURM_ARRAY_TASK_ID: '4' } });
    await xcp(['sweep', file, '--out', 'out'], { env: { JOB_COMPLETION_INDEX: '4' } });
    expect(done()).toBe(1);
    await xcp(['sweep', file, '--out', 'out', '--index', '0'], { env: { SLURM_ARRAY_TASK_ID: '4' } });
    expect(done()).toBe(2);
    const { code, err } = await xcp(['sweep', file, '--out', 'out'], { env: { SLURM_ARRAY_TASK_ID: '6' } });
    expect(code).toBe(1);
    expect(err).toContain('SLURM_ARRAY_TASK_ID must be from 0 to 5, received 6');
  });

  it('writes manifests and runs nothing', async () => {
    const file = sweepFile({ ...base, grid });
    const options = [
      '--slurm',
      'a.sh',
      '--kubernetes',
      'job.json',
      '--jobs',
      '3',
      '--engine',
      'cuda',
      '--device',
      '1',
    ];
    expect((await xcp(['sweep', file, '--out', 'out', ...options])).code).toBe(0);
    const script = readFileSync(join(home, 'a.sh'), 'utf8');
    expect(script).toContain('#SBATCH --array=0-5%3');
    expect(script).toContain('exec xcp sweep sweep.json --out out --engine cuda --device 1');
    const { spec } = json('job.json');
    expect(spec).toMatchObject({ completionMode: 'Indexed', completions: 6, parallelism: 3 });
    expect(spec.template.spec.containers[0].command).toEqual([
      'xcp',
      'sweep',
      'sweep.json',
      '--out',
      'out',
      '--engine',
      'cuda',
      '--device',
      '1',
    ]);
    // Against the schema of Kubernetes: names, types, what is required and what is unknown.
    new Job(json('job.json')).validate();
    expect(() =>
      new Job({ ...json('job.json'), spec: { template: {}, completions: 'six' } } as never).validate(),
    ).toThrow();
    expect(spawnSync('bash', ['-n', join(home, 'a.sh')]).status).toBe(0);
    expect(readdirSync(join(home, 'out'))).toEqual([]);
  });

  it.each([
    [{ ...base }, 'must have either `grid` or `random`'],
    [{ ...base, grid: { 'schedule.learnRate': [1] } }, 'schedule.learnRate'],
    [{ ...base, grid: { epochs: [] } }, '`grid.epochs`'],
    [{ ...base, grid: { epochs: [0] } }, '`epochs` must be at least 1, received 0'],
    [{ ...base, preset: 'quick', grid: { seed: [0] } }, 'received "quick"'],
    [{ ...base, random: { runs: 1, space: { seed: { min: 2, max: 1 } } } }, '`min` below `max`'],
  ])('refuses %j before anything is run', async (spec, message) => {
    const { code, err } = await xcp(['sweep', sweepFile(spec), '--out', 'out']);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(existsSync(join(home, 'out'))).toBe(false);
  });
});
