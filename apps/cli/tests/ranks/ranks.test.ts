import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeRecords } from '@xcp/cifar10';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  mpirun,
  mpirunAcross,
  whyNoNamespaces,
  whyNoRanks,
  whyNoSlurm,
} from '../../../../packages/mpi/tests/mpirun';
import { tinyCifar10 } from '../../src/testing/tiny-cifar10';
// @ts-expect-error: a program without types.
import { compare, randomNumbers } from '../kill/kill-runs.mjs';

const child = fileURLToPath(new URL('child.mjs', import.meta.url));
const built = existsSync(new URL('../../dist/index.js', import.meta.url));
const reason = built ? whyNoRanks() : '@xcp/cli is not built: npm run build';
if (reason) console.warn(`mpirun xcp is left out: ${reason}`);

const apart = reason ?? whyNoNamespaces();
if (apart && !reason) console.warn(`ranks in network namespaces are left out: ${apart}`);

const noSlurm = reason ?? whyNoSlurm();
if (noSlurm && !reason) console.warn(`ranks of Slurm are left out: ${noSlurm}`);

let folder: string;
let before: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xcp-mpirun-'));
  const files = [join(folder, 'train.bin'), join(folder, 'test.bin')] as const;
  writeFileSync(files[0], encodeRecords(tinyCifar10.train));
  writeFileSync(files[1], encodeRecords(tinyCifar10.test));
  before = [child, ...files];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The network of the quickstart, narrowed: 12 steps of 10, 10, 10 and 9 images, each of which is saved. */
const settings = [
  'model.stem.filters=[4,8]',
  'model.entryFilters=[8]',
  'model.middleBlocks=1',
  'model.exitFilters=[8,16]',
  'model.finalFilters=[16]',
  'model.dropout=0',
  'data.size=16',
  'data.validationShare=0.22',
  'batchSize=10',
  'epochs=3',
  'syncBatchNorm=true',
  'schedule={"name":"constant","learningRate":0.02}',
  'checkpoints.everySteps=1',
  'logging.everySteps=1',
].flatMap((setting) => ['--set', setting]);

const xcp = (ranks: number, args: string[], options: Parameters<typeof mpirun>[2] = {}) =>
  mpirun(ranks, [...before, ...args], { cwd: folder, ...options });
const train = (ranks: number, out: string, options = {}, ...more: string[]) =>
  xcp(ranks, ['train', ...settings, '--json', '--out', out, ...more], options);

/** Calls `act` once with the process of a rank, as soon as rank 0 has said something. */
function onceSaid(rank: number, when: string, act: (pid: number) => void): Parameters<typeof mpirun>[2] {
  let [said, acted] = ['', false];
  return {
    env: { XCP_TEST_PIDS: '1' },
    onOutput(text) {
      said += text;
      const pid = new RegExp(`"rank":${rank},"pid":(\\d+)`).exec(said)?.[1];
      if (acted || !pid || !said.includes(when)) return;
      acted = true;
      act(Number(pid));
    },
  };
}

/** Sends rank 1 a signal when rank 0 has said something. */
const signalRank1 = (signal: NodeJS.Signals, when: string) =>
  onceSaid(1, when, (pid) => process.kill(pid, signal));

/** Kills a rank so many milliseconds after it began. */
const killAfter = (rank: number, ms: number) =>
  onceSaid(rank, '', (pid) => {
    setTimeout(() => {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }, ms);
  });

const rows = (run: string) =>
  readFileSync(join(folder, run, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const result = (run: string) => JSON.parse(readFileSync(join(folder, run, 'result.json'), 'utf8'));

function expectSameRun(run: string, other: string) {
  const [actual, expected] = [rows(run), rows(other)];
  expect(actual).toHaveLength(expected.length);
  actual.forEach((row, i) => {
    expect(row).toMatchObject({ kind: expected[i].kind, step: expected[i].step });
    expect(Math.abs(row.loss - expected[i].loss)).toBeLessThan(1e-4);
    if (!row.validation) return;
    expect(Math.abs(row.validation.loss - expected[i].validation.loss)).toBeLessThan(1e-3);
  });
  expect(result(run).steps).toBe(result(other).steps);
}

describe.skipIf(reason !== null)('mpirun xcp', () => {
  beforeAll(async () => {
    const { code, out, err } = await train(1, 'one');
    expect(`${out}${err}`).not.toContain('ranks ');
    expect(code).toBe(0);
    expect((await train(2, 'two')).code).toBe(0);
  });

  it.each([2, 4])(
    'train on %i ranks computes what one process computes, and rank 0 alone speaks',
    async (ranks) => {
      const run = `of-${ranks}`;
      const { code, out, err } = await train(ranks, run);
      expect(code).toBe(0);
      expectSameRun(run, 'one');
      expect(out.match(/"event":"start"/g)).toHaveLength(1);
      expect(err).toContain(`ranks   ${ranks} (`);
      expect(err).toMatch(/, 1 thread to each\)/);
      expect(out.match(/"event":"checkpoint"/g)!.length).toBeGreaterThanOrEqual(12);
    },
  );

  it.skipIf(apart !== null).each([2, 4])(
    'on %i ranks with addresses of their own computes what one process computes',
    async (ranks) => {
      const run = `apart-${ranks}`;
      const { code, out, err } = await mpirunAcross(
        ranks,
        [...before, 'train', ...settings, '--json', '--out', run],
        { cwd: folder },
      );
      expect(code, err).toBe(0);
      expectSameRun(run, 'one');
      expect(out.match(/"event":"start"/g)).toHaveLength(1);
    },
  );

  it('a rank that is killed ends all, and on as many ranks the run comes to the same bits', async () => {
    const ended = await train(2, 'killed', signalRank1('SIGKILL', '"event":"checkpoint"'));
    expect(ended.code).not.toBe(0);
    expect(existsSync(join(folder, 'killed', 'result.json'))).toBe(false);
    const resumed = await xcp(2, ['resume', 'killed', '--json']);
    expect(resumed.code, resumed.err).toBe(0);
    expect(compare(join(folder, 'two'), join(folder, 'killed'))).toEqual([]);
  });

  it('ranks that are killed at random instants, again and again, come to the same bits', async () => {
    const random = randomNumbers(3);
    let kills = 0;
    for (let done = false; !done; ) {
      const killing = kills < 4 ? killAfter(Math.floor(2 * random()), 2500 * random()) : {};
      const begun = existsSync(join(folder, 'random', 'config.json'));
      const session = begun
        ? await xcp(2, ['resume', 'random', '--json'], killing)
        : await train(2, 'random', killing);
      done = session.code === 0;
      if (!done) kills++;
    }
    expect(kills).toBeGreaterThan(0);
    expect(compare(join(folder, 'two'), join(folder, 'random'))).toEqual([]);
  });

  it('a run that is told to stop is saved, and goes on with another number of ranks', async () => {
    const stopped = await train(2, 'stopped', signalRank1('SIGTERM', '"step":5,'));
    expect(stopped.code).not.toBe(0);
    expect(stopped.out).toContain('"event":"stopped"');
    expect((await xcp(1, ['resume', 'stopped'])).code).toBe(0);
    expectSameRun('stopped', 'one');
  });

  it.skipIf(noSlurm !== null)('Slurm starts them as well, and they come to the same bits', async () => {
    const { code, err } = await train(2, 'slurm', { launcher: 'srun' });
    expect(code, err).toBe(0);
    expect(compare(join(folder, 'two'), join(folder, 'slurm'))).toEqual([]);
  });

  it('one error of all is told once', async () => {
    const { code, out, err } = await train(3, 'one');
    expect(code).not.toBe(0);
    expect(`${out}${err}`.match(/holds a run already/g)).toHaveLength(2);
    const finished = await xcp(2, ['resume', 'one']);
    expect(finished.code).toBe(0);
    expect(finished.out.match(/nothing is left to do/g)).toHaveLength(1);
  });

  it('a dry run is told once', async () => {
    const { code, out, err } = await train(2, 'dry', {}, '--dry-run');
    expect(code).toBe(0);
    expect(`${out}${err}`.match(/as of one process: each of the 2 ranks/g)).toHaveLength(1);
    expect(out.match(/"imagesPerSecond":/g)).toHaveLength(1);
    expect(existsSync(join(folder, 'dry'))).toBe(false);
  });

  it('compression is told and changes what is computed, a little', async () => {
    const { code, err } = await train(2, 'narrow', {}, '--mpi-compression', 'bfloat16');
    expect(code).toBe(0);
    expect(err).toContain('gradients travel as bfloat16');
    const [narrow, whole] = [rows('narrow'), rows('two')];
    expect(narrow[0].loss).toBe(whole[0].loss);
    expect(narrow[1].loss).not.toBe(whole[1].loss);
    expect(Math.abs(narrow[1].loss - whole[1].loss)).toBeLessThan(0.05);
  });
});
