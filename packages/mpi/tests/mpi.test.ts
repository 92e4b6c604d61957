import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Collective } from '@xcp/trainer';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { createMpiCollective, launchedByMpi, type MpiCollective } from '../src/index';
import { builtWithMpich, whyNoMpich } from './mpich';
import { type Ended, mpirun, whyNoRanks, whyNoSlurm } from './mpirun';

const program = fileURLToPath(new URL('ranks.mjs', import.meta.url));
const reason = whyNoRanks();
if (reason) console.warn(`MPI is left out: ${reason}`);

it('is what the trainer takes', () => {
  expectTypeOf<MpiCollective>().toExtend<Collective>();
});

describe('launchedByMpi', () => {
  it.each([
    [{}, null],
    [
      { OMPI_COMM_WORLD_RANK: '1', OMPI_COMM_WORLD_SIZE: '4', OMPI_COMM_WORLD_LOCAL_RANK: '0' },
      { launcher: 'Open MPI', rank: 1, size: 4, localRank: 0 },
    ],
    [
      { PMI_RANK: '0', PMI_SIZE: '2' },
      { launcher: 'Hydra', rank: 0, size: 2, localRank: null },
    ],
    [
      { SLURM_PROCID: '3', SLURM_STEP_NUM_TASKS: '8', SLURM_LOCALID: '1' },
      { launcher: 'Slurm', rank: 3, size: 8, localRank: 1 },
    ],
    [{ SLURM_PROCID: '0', SLURM_NTASKS: '8' }, null],
    [{ SLURM_PROCID: '0', SLURM_STEP_NUM_TASKS: '1' }, null],
    [{ OMPI_COMM_WORLD_RANK: 'x', OMPI_COMM_WORLD_SIZE: '4' }, null],
  ])('of %j is %j', (env, expected) => {
    expect(launchedByMpi(env)).toEqual(expected);
  });
});

it('wrong options are refused before MPI starts', async () => {
  await expect(createMpiCollective({ compression: 'int8' as never })).rejects.toThrow(
    "mpi: `compression` must be 'none', 'bfloat16' or 'float16', received 'int8'",
  );
  await expect(createMpiCollective({ timeout: -1 })).rejects.toThrow(
    'mpi: `timeout` must be seconds, at least 0, received -1',
  );
});

type Start = (size: number, args: string[], env?: NodeJS.ProcessEnv) => Promise<Ended>;

describe.skipIf(reason !== null)('ranks', () => {
  ranksDo((size, args, env = {}) => mpirun(size, [program, ...args], { env }));
});

const noSlurm = reason ?? whyNoSlurm();
if (noSlurm && !reason) console.warn(`Slurm is left out: ${noSlurm}`);

describe.skipIf(noSlurm !== null)('ranks of Slurm', () => {
  ranksDo((size, args, env = {}) => mpirun(size, [program, ...args], { env, launcher: 'srun' }));
});

const noMpich = reason ?? whyNoMpich();
if (noMpich && !reason) console.warn(`MPICH is left out: ${noMpich}`);

describe.skipIf(noMpich !== null)('ranks of MPICH', () => {
  let mpich: ReturnType<typeof builtWithMpich>;
  beforeAll(() => {
    mpich = builtWithMpich();
  });
  afterAll(() => rmSync(mpich.folder, { recursive: true, force: true }));

  it('have an addon of their own', () => {
    expect(mpich.said).toBe('xcp mpi: addon built');
  });

  ranksDo((size, args, env = {}) => {
    const { folder, launcher } = mpich;
    return mpirun(size, [join(folder, 'tests/ranks.mjs'), ...args], { env, launcher });
  });
});

/** What ranks do, whatever MPI starts them. */
function ranksDo(start: Start): void {
  const onRanks = async (size: number, ...args: string[]) => {
    const { code, out, err } = await start(size, args);
    expect(err).toBe('');
    expect(code).toBe(0);
    return JSON.parse(out);
  };

  it.each([1, 3])('%i reduce, broadcast and agree', async (size) => {
    const { error, exactError, ...rest } = await onRanks(size, 'values');
    expect(rest).toEqual({
      size,
      most: [size - 1, 0],
      least: [0, 1 - size],
      inPass: [(size * (size + 1)) / 2, expect.closeTo(0.1 * size)],
      bytes: [3, 1, 2],
      agrees: true,
    });
    expect(error).toBeLessThan(1e-6);
    expect(exactError).toBeLessThan(1e-6);
  });

  it.each([
    ['bfloat16', 2 ** -9],
    ['float16', 2 ** -12],
  ])('%s rounds what is lossy, and nothing else', async (compression, rounding) => {
    const { error, exactError, agrees } = await onRanks(3, 'values', compression);
    // Each value is rounded once, and each sum of two again.
    expect(error).toBeLessThan(3 * rounding);
    expect(error).toBeGreaterThan(rounding / 4);
    expect(exactError).toBeLessThan(1e-6);
    expect(agrees).toBe(true);
  });

  it('leave JavaScript alone while they wait', async () => {
    expect((await onRanks(2, 'goesOn')).ticks).toBeGreaterThan(20);
  });

  it('refuse what is wrong', async () => {
    expect(await onRanks(2, 'again')).toEqual({
      second: 'mpi: a process has one collective, received a second call; use the first one',
      wrong: 'mpi: `values` must be a Float32Array or a Float64Array',
      op: "mpi: `op` must be 'sum', 'max' or 'min', received 'mean'",
      late: 'mpi: a collective takes no calls after `close`, received one',
    });
  });

  it('all end where one dies, which tells its error, or leaves', async () => {
    const died = await start(3, ['dies']);
    expect(died.code).not.toBe(0);
    expect(died.err.match(/Error: rank 1 has a fault/g)).toHaveLength(1);
    expect((await start(2, ['leaves'])).code).not.toBe(0);
  });

  it.each(['hangs', 'stalls'])(
    'all end where one %s past the limit, between sums or within one, with one message',
    async (what) => {
      const { code, err } = await start(3, [what], { XCP_MPI_TIMEOUT: '1' });
      expect(code).not.toBe(0);
      expect(err.match(/^xcp: rank \d of 3 has waited \d s for the other ranks/gm)).toHaveLength(1);
    },
  );
}
