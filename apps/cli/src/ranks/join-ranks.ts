import type { Compression, MpiCollective } from '@xcp/mpi';
import { messageOf, UserError } from '../errors';

export interface RankOptions {
  /** Whether to insist on MPI. */
  mpi?: boolean | undefined;
  mpiCompression: Compression;
}

/** By launcher, the variable that tells how many processes it has started. Slurm's is that of a step, which srun makes. */
const SIZES = ['OMPI_COMM_WORLD_SIZE', 'PMI_SIZE', 'SLURM_STEP_NUM_TASKS'];

/** How many processes mpirun or srun has started, this one included. */
export function launchedRanks(env: Readonly<Record<string, string | undefined>>): number {
  const sizes = SIZES.map((key) => Number(env[key] ?? 1));
  return sizes.find((size) => size > 1) ?? 1;
}

/**
 * The collective of the processes that were started together, or null where this one is alone.
 *
 * @throws UserError where there are several, or `--mpi` insists, and there is no MPI.
 */
export async function joinRanks(
  { mpi, mpiCompression: compression }: RankOptions,
  env: Readonly<Record<string, string | undefined>>,
): Promise<MpiCollective | null> {
  const ranks = launchedRanks(env);
  if (ranks === 1 && !mpi) return null;
  const subject = ranks > 1 ? `mpirun: ${ranks} ranks were started` : '--mpi: was given';
  try {
    const { createMpiCollective } = await import('@xcp/mpi');
    return await createMpiCollective({ compression });
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    const reason = missing ? 'the package @xcp/mpi is not installed: npm install @xcp/mpi' : messageOf(error);
    throw new UserError(`${subject}, which needs MPI (${reason})`);
  }
}
