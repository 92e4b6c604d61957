import { writeFileSync } from 'node:fs';
import { cpuEngine, type Engine, type EngineName } from '@xcp/backend/engines';
import { describe, expect, it } from 'vitest';
import { summarize } from '../bench/speed';
import type { Services } from '../services';
import { json, services, tinyRun, xcp } from '../testing/harness';

const bench = (...more: string[]) => ['bench', ...tinyRun, '--seconds', '0.01', '--rounds', '2', ...more];

/** Engines of other names that compute on the cpu engine; what is started anew has them too. */
function withEngines(...engines: Engine[]): Services {
  const own: Services = {
    ...services(),
    engines,
    startRun: () => async (args, log) => {
      const { code, err } = await xcp([...args], {}, own);
      writeFileSync(log, err);
      return code;
    },
  };
  return own;
}
const named = (name: EngineName): Engine => ({ ...cpuEngine, name });

describe('xcp bench', () => {
  it('tells what the engine trains and infers at each batch size', async () => {
    const { code, out, err } = await xcp(bench('--batches', '2,5', '--out', 'speed.json', '--json'));
    expect(code).toBe(0);
    const result = JSON.parse(out);
    expect(result).toEqual(json('speed.json'));
    expect(result.network).toMatchObject({ size: 8 });
    expect(result.engines.map(({ name }: { name: string }) => name)).toEqual(['xcp-wasm']);
    const batches = result.engines[0].batches;
    expect(batches.map(({ batch }: { batch: number }) => batch)).toEqual([2, 5]);
    for (const { training, inference } of batches) {
      for (const { min, median, max } of [training, inference]) {
        expect(min).toBeGreaterThan(0);
        expect(min).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(max);
      }
    }
    expect(err).toMatch(/│ xcp-wasm +│ +5 │/);
  });

  it('measures with --engine all every engine but cpu in a process of its own, and says which it could not', async () => {
    const broken: Engine = {
      ...named('node'),
      activate: async () => {
        throw new Error('no memory');
      },
    };
    const missing: Engine = {
      ...named('cuda'),
      probe: async () => ({ available: false, reason: 'not installed' }),
    };
    const engines = withEngines(missing, named('xcp'), broken, named('xcp-wasm'), cpuEngine);
    const { code, out, err } = await xcp(bench('--batches', '2', '--engine', 'all', '--json'), {}, engines);
    expect(code).toBe(0);
    const result = JSON.parse(out);
    expect(result.engines.map(({ name }: { name: string }) => name)).toEqual(['xcp', 'xcp-wasm']);
    expect(result.leftOut).toEqual([
      { name: 'cuda', reason: 'not installed' },
      { name: 'node', reason: expect.stringContaining('no memory') },
    ]);
    expect(err).toMatch(/│ xcp +│ +2 │ .* │ 1\.00 │/);
    expect(err).toContain('cuda: not measured (not installed)');
    const table = err.split('\n').filter((line) => line.startsWith('│'));
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(64);
  });

  it('says so where nothing can be measured', async () => {
    const { code, err } = await xcp(bench('--engine', 'all'), {}, withEngines(cpuEngine));
    expect(code).toBe(1);
    expect(err).toContain('xcp bench: no engine could be measured');
  });

  it.each([
    [['--batches', '0'], 'must be whole numbers above 0'],
    [['--seconds', '-1'], 'must be a number of seconds above 0'],
    [['--engine', 'all', '--device', '0'], '--device: goes with one engine'],
    [['--device', '0', '--batches', '1'], 'has no devices to choose from'],
    [['--rounds', '0'], 'must be an integer from 1'],
    [
      ['--out', '/proc/speed.json', '--batches', '1'],
      '--out: must be a file that can be written, received "/proc/speed.json"',
    ],
  ])('refuses %j', async (options, message) => {
    const { code, err } = await xcp(bench(...options));
    expect(code).toBe(1);
    expect(err).toContain(message);
  });
});

it('takes the median of rounds, between the middle two where they are even', () => {
  expect(summarize([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  expect(summarize([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
});
