/** A process that a launcher of MPI has started, as its environment says, before MPI itself is asked. */
export interface Launched {
  /** What has started it. */
  launcher: 'Open MPI' | 'Hydra' | 'Slurm';
  rank: number;
  size: number;
  /** The number of this rank among those of its machine, from 0; null where the launcher does not say. */
  localRank: number | null;
}

type Env = Readonly<Record<string, string | undefined>>;

/** By launcher, its variables for rank, size and local rank. Slurm's own come last: it starts the others too. */
const variables: readonly [Launched['launcher'], string, string, string][] = [
  ['Open MPI', 'OMPI_COMM_WORLD_RANK', 'OMPI_COMM_WORLD_SIZE', 'OMPI_COMM_WORLD_LOCAL_RANK'],
  ['Hydra', 'PMI_RANK', 'PMI_SIZE', 'MPI_LOCALRANKID'],
  // Of a step, which srun makes; a batch script is one process, however many tasks its job has.
  ['Slurm', 'SLURM_PROCID', 'SLURM_STEP_NUM_TASKS', 'SLURM_LOCALID'],
];

/**
 * How `mpirun`, `mpiexec` or `srun` has started this process, or null where none of them did.
 *
 * @example launchedByMpi(process.env)?.size // 4 in `mpirun -n 4 node train.js`
 */
export function launchedByMpi(env: Env): Launched | null {
  for (const [launcher, rankKey, sizeKey, localKey] of variables) {
    const [rank, size] = [count(env[rankKey]), count(env[sizeKey])];
    if (rank === null || size === null || rank >= size) continue;
    // One task of Slurm is what any program in a job is.
    if (launcher === 'Slurm' && size === 1) continue;
    return { launcher, rank, size, localRank: count(env[localKey]) };
  }
  return null;
}

function count(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
