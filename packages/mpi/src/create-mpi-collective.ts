import { type Addon, loadAddon, type World } from './addon';
import { launchedByMpi } from './launched';

const ops = { sum: 0, max: 1, min: 2 } as const;
const formats = { none: 0, bfloat16: 1, float16: 2 } as const;

/** How gradients travel: as they are, or rounded to 16 bits for half the bytes. */
export type Compression = keyof typeof formats;

export interface MpiOptions {
  /** What becomes of values that may be lossy, gradients. Default `'none'`. */
  compression?: Compression;
  /**
   * Seconds after which a rank that waits for the others ends all; 0 for no limit. Default that of XCP_MPI_TIMEOUT, or
   * 600: rank 0 may write a checkpoint or fetch data meanwhile.
   */
  timeout?: number;
}

/** A collective over MPI_COMM_WORLD, as `@xcp/trainer` takes it. */
export interface MpiCollective extends World {
  allReduce(
    values: Float32Array | Float64Array,
    op: keyof typeof ops,
    options?: { lossy?: boolean },
  ): Promise<void>;
  allReduceSync(values: Float64Array): void;
  broadcast(bytes: Uint8Array): Promise<void>;
  barrier(): Promise<void>;
  abort(error: unknown): void;
  close(): Promise<void>;
  readonly compression: Compression;
}

/** Milliseconds that a process which gives up has to say why and end. */
const LAST_WORDS = 5000;

let begun = false;

/**
 * Joins the ranks that `mpirun`, `mpiexec` or `srun` has started, each of which makes the same calls in the same order.
 *
 * MPI works on a thread of its own: JavaScript goes on while sums are on their way. A process that ends without `close`
 * ends all others, so that none waits for ever; so does a rank that has waited longer than `timeout`.
 *
 * @example
 * const collective = await createMpiCollective();
 * await train({ model, trainData, config, collective }).finally(() => collective.close());
 * @throws if no MPI was found when the package was built, an option is wrong, MPI does not start or does not know the
 *   launcher, or this process has a collective already.
 */
export async function createMpiCollective(options: MpiOptions = {}): Promise<MpiCollective> {
  const compression = options.compression ?? 'none';
  if (!Object.hasOwn(formats, compression)) {
    throw new Error(
      `mpi: \`compression\` must be 'none', 'bfloat16' or 'float16', received '${compression}'`,
    );
  }
  const timeout = timeoutOf(options);
  if (begun) throw new Error('mpi: a process has one collective, received a second call; use the first one');
  const addon = loadAddon();
  begun = true;
  const started = addon.start(timeout);
  if (!started) throw new Error('mpi: MPI must start, but did not; start the program by mpirun or srun');
  // MPICH writes 'MPICH Version:  4.0.2'.
  const world = { ...started, library: started.library.replace(/\s*Version:\s*/, ' ') };
  checkLauncher(addon, world);
  return collectiveOf(addon, world, compression);
}

function timeoutOf({ timeout }: MpiOptions): number {
  const given = process.env.XCP_MPI_TIMEOUT;
  const seconds = timeout ?? (given ? Number(given) : 600);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  const [name, value] = timeout === undefined ? ['XCP_MPI_TIMEOUT', given] : ['`timeout`', timeout];
  throw new Error(`mpi: ${name} must be seconds, at least 0, received ${value}`);
}

/** A launcher of another MPI starts processes that each think to be alone. */
function checkLauncher(addon: Addon, { size, library }: World): void {
  const launched = launchedByMpi(process.env);
  if (!launched || launched.size === size) return;
  void addon.finalize();
  throw new Error(
    `mpi: ${launched.launcher} must start ${launched.size} ranks of the MPI that @xcp/mpi was built with, received ${size} ` +
      `of ${library}; use the mpirun of that MPI (in Slurm srun --mpi=pmix or --mpi=pmi2), or build @xcp/mpi again ` +
      'with XCP_MPICC set to the mpicc of this one',
  );
}

function collectiveOf(addon: Addon, world: World, compression: Compression): MpiCollective {
  let closed = false;
  // The others are ended when this process is gone, after it has told its error.
  const leave = (code: number) => addon.setExitCode(code || 1);
  process.on('exit', leave);

  function open(): Addon {
    if (!closed) return addon;
    throw new Error('mpi: a collective takes no calls after `close`, received one');
  }

  return {
    ...world,
    compression,
    async allReduce(values, op, { lossy = false } = {}) {
      const kind = floatsOf(values);
      if (!Object.hasOwn(ops, op)) {
        throw new Error(`mpi: \`op\` must be 'sum', 'max' or 'min', received '${op}'`);
      }
      const narrow = lossy && kind === 'float32' && op === 'sum';
      await open().allReduce(values, ops[op], narrow ? formats[compression] : formats.none);
    },
    allReduceSync(values) {
      if (floatsOf(values) !== 'float64') throw new Error('mpi: `values` must be a Float64Array');
      open().allReduceSync(values);
    },
    async broadcast(bytes) {
      if (!(bytes instanceof Uint8Array)) throw new Error('mpi: `bytes` must be a Uint8Array');
      await open().broadcast(bytes);
    },
    barrier: async () => open().barrier(),
    abort(_error) {
      // Whoever catches the error tells it, and the process ends; what keeps it alive does not keep the others waiting.
      setTimeout(() => addon.abort(1), LAST_WORDS).unref();
      process.exitCode ||= 1;
    },
    async close() {
      if (closed) return;
      await addon.finalize();
      closed = true;
      process.off('exit', leave);
    },
  };
}

function floatsOf(values: unknown): 'float32' | 'float64' {
  if (values instanceof Float32Array) return 'float32';
  if (values instanceof Float64Array) return 'float64';
  throw new Error('mpi: `values` must be a Float32Array or a Float64Array');
}
