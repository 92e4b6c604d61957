import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const version = () => spawnSync('mpirun', ['--version'], { encoding: 'utf8' }).stdout ?? '';
const built = (path: string) => existsSync(new URL(path, import.meta.url));

/** Why no ranks can be started here, in a line; null where they can. */
export function whyNoRanks(): string | null {
  if (!built('../dist/index.js')) return '@xcp/mpi is not built: npm run build';
  if (!built('../native/build/Release/xcp_mpi.node')) return 'no MPI was found when @xcp/mpi was built';
  if (version() === '') return 'there is no mpirun';
  return null;
}

/** Tests may run as root, as in a container, which Open MPI must be told twice. */
const forRoot = { OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs a program of Node.js on so many ranks of this machine. */
export function mpirun(
  ranks: number,
  args: readonly string[],
  {
    env = {},
    cwd,
    onOutput,
  }: { env?: NodeJS.ProcessEnv; cwd?: string; onOutput?: (text: string) => void } = {},
): Promise<Ended> {
  const isOpenMpi = version().includes('Open MPI');
  const options = isOpenMpi ? ['-q', '--oversubscribe'] : [];
  return new Promise((resolve, reject) => {
    const child = spawn('mpirun', [...options, '-n', String(ranks), process.execPath, ...args], {
      env: { ...process.env, ...forRoot, XCP_MPI_TIMEOUT: '40', ...env },
      ...(cwd !== undefined && { cwd }),
    });
    const ended: Ended = { code: null, out: '', err: '' };
    child.stdout.on('data', (text) => {
      ended.out += text;
      onOutput?.(String(text));
    });
    child.stderr.on('data', (text) => {
      ended.err += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...ended, code }));
  });
}
