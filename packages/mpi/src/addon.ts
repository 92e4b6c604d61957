import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** What MPI says of this process. */
export interface World {
  rank: number;
  size: number;
  localRank: number;
  localSize: number;
  /** Cores of this rank, where those that several may run on are shared fairly; a fraction where there are more ranks. */
  cores: number;
  library: string;
}

export interface Addon {
  start(timeout: number): World | undefined;
  allReduce(values: Float32Array | Float64Array, op: number, format: number): Promise<void>;
  allReduceSync(values: Float64Array): void;
  broadcast(bytes: Uint8Array): Promise<void>;
  barrier(): Promise<void>;
  finalize(): Promise<void>;
  setExitCode(code: number): void;
  abort(code: number): void;
}

const path = fileURLToPath(new URL('../native/build/Release/xcp_mpi.node', import.meta.url));
const INSTALL =
  'install one (Debian, Ubuntu: apt-get install openmpi-bin libopenmpi-dev), then build @xcp/mpi: npx xcp-mpi-build';

/** @throws if it was not built or does not load, saying what to do. */
export function loadAddon(): Addon {
  if (!existsSync(path)) {
    throw new Error(`mpi: the addon must be built, which needs an MPI, received none; ${INSTALL}`);
  }
  // UCX, which MPI may work over, would patch the allocator of a process whose threads are using it: one start in twenty
  // of MPICH crashed. It reads this as it loads; whoever knows better sets it.
  process.env.UCX_MEM_EVENTS ??= 'n';
  try {
    return createRequire(import.meta.url)(path);
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    throw new Error(`mpi: the addon must load, received '${reason}'; build it again: npx xcp-mpi-build`);
  }
}

/** Why MPI cannot be used here, in a line; null where it can, as far as that is known without starting it. */
export function whyNoMpi(): string | null {
  try {
    loadAddon();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
