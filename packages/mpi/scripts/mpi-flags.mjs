// What a compiler needs for the MPI of this machine: `node mpi-flags.mjs --compile` or `--link` prints it, one flag a line.
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

const read = (command, args) => {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
};

/** Open MPI's compiler wrapper says what it would run by --showme, MPICH's (and those made of it) by -show. */
const ofWrapper = (wrapper) => read(wrapper, ['--showme']) ?? read(wrapper, ['-show']);

const ofPkgConfig = () =>
  ['ompi', 'mpich', 'mpi']
    .map((name) => read('pkg-config', ['--cflags', '--libs', name]))
    .find((flags) => flags !== undefined);

/** The flags of the MPI found, or undefined. XCP_MPICC names another compiler wrapper than `mpicc`. */
export function mpiFlags(env = process.env) {
  const shown = env.XCP_MPICC ? ofWrapper(env.XCP_MPICC) : (ofWrapper('mpicc') ?? ofPkgConfig());
  if (shown === undefined) return undefined;
  const flags = shown.split(/\s+/).filter((flag) => flag.startsWith('-'));
  const links = (flag) => /^-(L|l|Wl,)/.test(flag);
  // Where the libraries lie is where they are to be found when it runs, too.
  const folders = flags.filter((flag) => flag.startsWith('-L')).map((flag) => `-Wl,-rpath,${flag.slice(2)}`);
  return {
    compile: flags.filter((flag) => /^-(I|D|isystem)/.test(flag)),
    link: [...flags.filter(links), ...folders],
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const flags = mpiFlags();
  if (!flags) {
    console.error('no MPI: neither mpicc nor pkg-config knows one');
    process.exit(1);
  }
  console.log(flags[process.argv[2] === '--link' ? 'link' : 'compile'].join('\n'));
}
