import type { Engine, Wish } from '@xcp/backend/engines';
import { describe, expect, it } from 'vitest';
import { engineOfRank } from './engine-of-rank';
import { joinRanks, launchedRanks } from './join-ranks';
import { shareThreads } from './share-threads';

describe('launchedRanks', () => {
  it.each([
    [{}, 1],
    [{ OMPI_COMM_WORLD_SIZE: '4' }, 4],
    [{ PMI_SIZE: '2' }, 2],
    [{ SLURM_STEP_NUM_TASKS: '8' }, 8],
    // A batch script of Slurm is one process.
    [{ SLURM_NTASKS: '8' }, 1],
    [{ OMPI_COMM_WORLD_SIZE: '1' }, 1],
  ])('of %j are %i', (env, ranks) => expect(launchedRanks(env)).toBe(ranks));
});

describe('joinRanks', () => {
  it('leaves a process alone that nobody else was started with', async () => {
    expect(await joinRanks({ mpiCompression: 'none' }, {})).toBeNull();
  });

  it('says what is missing where ranks were started, or --mpi insists', async () => {
    const wrong = { mpiCompression: 'int8' as never };
    await expect(joinRanks(wrong, { PMI_SIZE: '2' })).rejects.toThrow(
      /^mpirun: 2 ranks were started, which needs MPI \(mpi: `compression` must be/,
    );
    await expect(joinRanks({ ...wrong, mpi: true }, {})).rejects.toThrow(
      /^--mpi: was given, which needs MPI/,
    );
  });
});

describe('shareThreads', () => {
  it.each([
    [0.5, '1', '1 thread'],
    [2.5, '3', '3 threads'],
    [16, '16', '16 threads'],
  ])('of %d cores', (cores, variable, text) => {
    const env: NodeJS.ProcessEnv = {};
    expect(shareThreads(cores, env)).toBe(text);
    expect(env.XCP_NUM_THREADS).toBe(variable);
  });

  it('leaves a number that was given', () => {
    const env: NodeJS.ProcessEnv = { XCP_NUM_THREADS: '5' };
    expect(shareThreads(1, env)).toBe('5 threads');
    expect(env.XCP_NUM_THREADS).toBe('5');
  });
});

describe('engineOfRank', () => {
  const asked: Wish[] = [];
  const engine = (hasDevices: boolean): Engine => ({
    name: 'cuda',
    hasDevices,
    probe: async (wish) => {
      asked.push({ ...wish });
      return { available: true, detail: '' };
    },
    activate: async (wish) => void asked.push({ ...wish }),
  });

  it('takes the device of the rank on its machine, unless one is named', async () => {
    const own = engineOfRank({ localRank: 3, localSize: 4 })(engine(true));
    await own.probe({});
    await own.activate({});
    await own.probe({ device: 0 });
    expect(asked.map(({ device }) => device)).toEqual([3, 3, 0]);
  });

  it('leaves engines without devices, and machines with one rank, as they are', () => {
    const [cpu, gpu] = [engine(false), engine(true)];
    expect(engineOfRank({ localRank: 1, localSize: 2 })(cpu)).toBe(cpu);
    expect(engineOfRank({ localRank: 0, localSize: 1 })(gpu)).toBe(gpu);
  });
});
