import { writeFileSync } from 'node:fs';
import { allEngines, cpuEngine, type Engine, type EngineName } from '@xcp/backend/engines';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkTraining, type TrainingCheck } from '../doctor/check-training';
import { remedyFor } from '../doctor/remedy';
import type { Services } from '../services';
import { json, services, xcp } from '../testing/harness';

const works = (name: EngineName): Engine => ({ ...cpuEngine, name });
const missing = (name: EngineName, reason: string): Engine => ({
  ...works(name),
  probe: async () => ({ available: false, reason }),
});

let check: TrainingCheck;
beforeAll(async () => {
  await cpuEngine.activate();
  check = await checkTraining();
});

/** Engines whose processes answer with what `answer` makes of the check on cpu, or end with an error. */
function withEngines(
  engines: Engine[],
  answer: (name: string, check: TrainingCheck) => TrainingCheck | Error = (_, same) => same,
): Services {
  return {
    ...services(),
    engines,
    startRun: () => async (args, log) => {
      const answered = answer(args[args.indexOf('--engine') + 1]!, check);
      if (answered instanceof Error) {
        writeFileSync(log, `loading …\n${answered.message}\n`);
        return 1;
      }
      writeFileSync(args[args.indexOf('--out') + 1]!, JSON.stringify(answered));
      return 0;
    },
  };
}

describe('xcp doctor', () => {
  it('tells the machine, the data, and each engine with what would help', async () => {
    const engines = [missing('cuda', 'finds no CUDA device'), works('xcp'), works('cpu')];
    const { code, out, err } = await xcp(['doctor', '--json'], {}, withEngines(engines));
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(report.auto).toBe('xcp');
    expect(report.system.runtime).toContain(process.versions.node);
    expect(report.system.processor.threads).toBeGreaterThan(0);
    expect(report.system.memory.limit).toBeLessThan(report.system.memory.total);
    expect(report.data).toMatchObject({ files: 1, proved: 1, damaged: [] });
    expect(report.data.free).toBeGreaterThan(0);
    expect(report.engines.map(({ name, state }: EngineState) => [name, state])).toEqual([
      ['cuda', 'missing'],
      ['xcp', 'trains'],
      ['cpu', 'trains'],
    ]);
    expect(err).toContain('finds no CUDA device');
    expect(err).toContain('nvidia-smi');
    expect(err).toContain('--engine auto takes xcp.');
  });
  type EngineState = { name: string; state: string };

  it('does not trust an engine that computes something else, or that ends its process', async () => {
    const engines = [works('xcp'), works('node'), works('xcp-wasm'), works('cpu')];
    const using = withEngines(engines, (name, { losses, milliseconds }) => {
      if (name === 'node') return new Error('libtensorflow.so.2: cannot open shared object file');
      const off = { xcp: 1.01, 'xcp-wasm': 1 + 1e-6 }[name] ?? 1;
      return { losses: losses.map((loss) => loss * off), milliseconds };
    });
    const { code, out, err } = await xcp(['doctor', '--json'], {}, using);
    expect(code).toBe(0);
    const { engines: found, auto } = JSON.parse(out);
    expect(auto).toBe('xcp-wasm');
    expect(found[0]).toMatchObject({ state: 'wrong', remedy: expect.stringContaining('do not train') });
    expect(found[0].difference).toBeCloseTo(0.01, 6);
    expect(found[1]).toMatchObject({
      state: 'fails',
      detail: 'libtensorflow.so.2: cannot open shared object file',
      remedy: expect.stringContaining('npm rebuild @tensorflow/tfjs-node'),
    });
    expect(found[2].difference).toBeCloseTo(1e-6, 8);
    expect(err).toContain("DIFFER from cpu's to 1e-2");
    expect(err).toContain("agree with cpu's to 1e-6");
  });

  it('ends with 1 where nothing can train', async () => {
    const using = withEngines([missing('xcp', 'not built'), works('cpu')], () => new Error('no memory'));
    const { code, out } = await xcp(['doctor'], {}, using);
    expect(code).toBe(1);
    expect(out).toContain('Nothing here can train.');
  });

  it('fits 60 columns', async () => {
    const { out } = await xcp(['doctor'], {}, withEngines([works('xcp'), works('cpu')]));
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  it('tries one engine alone in this process', async () => {
    const { code, out } = await xcp(
      ['doctor', '--engine', 'cpu', '--out', 'check.json'],
      {},
      withEngines([cpuEngine]),
    );
    expect(code).toBe(0);
    expect(json('check.json').losses).toEqual(check.losses);
    expect(out).toMatch(/^cpu: .* ms a step, losses 2\.\d{6} /);
  });

  it('says why the engine asked for is not there', async () => {
    const using = { ...services(), engines: [missing('cuda', 'finds no CUDA device'), cpuEngine] };
    const { code, err } = await xcp(['doctor', '--engine', 'cuda'], {}, using);
    expect(code).toBe(1);
    expect(err).toContain('finds no CUDA device');
  });
});

it.each(allEngines().filter(({ name }) => name.startsWith('xcp')))(
  '$name trains as cpu does',
  async (engine) => {
    if (!(await engine.probe()).available) return;
    await engine.activate();
    const { losses } = await checkTraining();
    losses.forEach((loss, i) => {
      expect(Math.abs(loss / check.losses[i]! - 1)).toBeLessThan(1e-5);
    });
  },
);

describe('what helps', () => {
  it.each([
    ['cuda', '@tensorflow/tfjs-node-gpu is not installed', /npm install .*CUDA 11\.2/],
    ['node', 'does not load: Cannot find module tfjs_binding.node', /npm rebuild @tensorflow\/tfjs-node /],
    [
      'xcp',
      'its native addon is not built; install a C++ compiler',
      /apt-get install g\+\+.*: node build-native\.mjs/,
    ],
    [
      'xcp',
      'its native addon does not load here (GLIBC_2.38)',
      /build it on this machine: node build-native\.mjs/,
    ],
    ['xcp', 'this processor or build lacks the instruction set `foo`', /leave XCP_ISA unset/],
  ] as const)('%s: %s', (name, reason, remedy) => {
    expect(remedyFor(name, reason, 'build-native.mjs')).toMatch(remedy);
  });
});
