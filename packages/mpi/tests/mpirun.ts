import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const version = (launcher = 'mpirun') =>
  spawnSync(launcher, ['--version'], { encoding: 'utf8' }).stdout ?? '';
const built = (path: string) => existsSync(new URL(path, import.meta.url));

/** Why no ranks can be started here, in a line; null where they can. */
export function whyNoRanks(): string | null {
  if (!built('../dist/index.js')) return '@xcp/mpi is not built: npm run build';
  if (!built('../native/build/Release/xcp_mpi.node')) return 'no MPI was found when @xcp/mpi was built';
  if (version() === '') return 'there is no mpirun';
  return null;
}

/** Why ranks can have no network namespaces of their own here, in a line; null where they can. */
export function whyNoNamespaces(): string | null {
  const works = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
  if (process.getuid?.() !== 0) return 'network namespaces are for root';
  if (!works('ip', 'netns', 'list')) return 'there is no iproute2';
  if (!works('unshare', '--uts', '--net', 'true')) return 'namespaces are not allowed here';
  return version().includes('Open MPI') ? null : 'they are set up for Open MPI';
}

/** At once, or not at all: a cluster may be busy. */
const SRUN = ['--mpi=pmix', '--overcommit', '--immediate=5', '--quiet'];

/** Why Slurm can start no ranks here, in a line; null where it can. */
export function whyNoSlurm(): string | null {
  const { error, status } = spawnSync('srun', [...SRUN, '-n', '1', 'true'], { timeout: 20_000 });
  if (error) return 'there is no srun';
  return status === 0 ? null : 'srun starts nothing here';
}

/** Tests may run as root, as in a container, which Open MPI must be told twice. */
const forRoot = { OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

interface Options {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  onOutput?: (text: string) => void;
  /** Another one than `mpirun`. */
  launcher?: string;
}

/** What lets a launcher start more ranks than there are cores. */
function optionsOf(launcher: string): string[] {
  if (launcher === 'srun') return SRUN;
  return version(launcher).includes('Open MPI') ? ['-q', '--oversubscribe'] : [];
}

/** Runs a program of Node.js on so many ranks of this machine. */
export function mpirun(ranks: number, args: readonly string[], options: Options = {}): Promise<Ended> {
  const { launcher = 'mpirun' } = options;
  return run(launcher, [...optionsOf(launcher), '-n', String(ranks), process.execPath, ...args], options);
}

/** The same on ranks that have a network namespace and an address each, as on machines of their own. */
export function mpirunAcross(nodes: number, args: readonly string[], options: Options = {}): Promise<Ended> {
  const program = fileURLToPath(new URL('namespaces.mjs', import.meta.url));
  const own = [program, '--nodes', String(nodes), '--', process.execPath];
  return run(process.execPath, [...own, ...args], options);
}

function run(command: string, args: readonly string[], { env = {}, cwd, onOutput }: Options): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
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
