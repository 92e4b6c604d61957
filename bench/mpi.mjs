// pnpm bench --mpi [--ranks 2] [--floats 20800000] [--rounds 5] [--rate 1gbit] [--json]: the all-reduce of @xcp/mpi beside
// a plain C program of MPI, in alternation; what goes on meanwhile; what compression saves and costs. With --rate the ranks
// have network namespaces of their own, and a network as fast as that.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: given } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--mpi'),
  options: {
    ranks: { type: 'string', default: '2' },
    floats: { type: 'string', default: '20800000' },
    rounds: { type: 'string', default: '5' },
    rate: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
for (const key of ['ranks', 'floats', 'rounds']) {
  if (Number.isInteger(Number(given[key])) && Number(given[key]) > 0) continue;
  throw new Error(`bench: --${key} must be a whole number above 0, received ${given[key]}`);
}
const { ranks, floats, rounds, rate } = given;
const TIMES = 5;
const program = fileURLToPath(new URL('mpi/ranks.mjs', import.meta.url));
const source = fileURLToPath(new URL('mpi/allreduce.c', import.meta.url));

function run(command, args) {
  const env = { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', env });
  if (status === 0) return stdout;
  throw new Error(
    `bench: ${command} must run, received ${error?.message ?? stderr.trim().split('\n').at(-1)}`,
  );
}

const isOpenMpi = run('mpirun', ['--version']).includes('Open MPI');
const apart = fileURLToPath(new URL('../packages/mpi/tests/namespaces.mjs', import.meta.url));
const mpirun = (...args) =>
  rate
    ? run(process.execPath, [apart, '--nodes', ranks, '--rate', rate, '--', ...args])
    : run('mpirun', [...(isOpenMpi ? ['--oversubscribe'] : []), '-n', ranks, ...args]);
const onRanks = (what, compression = 'none') =>
  JSON.parse(mpirun(process.execPath, program, what, floats, String(TIMES), compression));
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const best = (list) => Math.min(...list);

const folder = mkdtempSync(join(tmpdir(), 'xcp-bench-mpi-'));
try {
  const plain = join(folder, 'allreduce');
  run(process.env.XCP_MPICC ?? 'mpicc', ['-O2', source, '-o', plain]);
  const times = { c: [], none: [], bfloat16: [], float16: [] };
  for (let round = 0; round < Number(rounds); round++) {
    times.c.push(...mpirun(plain, floats, String(TIMES)).trim().split('\n').map(Number));
    for (const compression of ['none', 'bfloat16', 'float16']) {
      times[compression].push(...onRanks('allReduce', compression));
    }
  }
  const figures = {
    ranks: Number(ranks),
    rate: rate ?? null,
    bytes: 4 * Number(floats),
    milliseconds: Object.fromEntries(
      Object.entries(times).map(([name, list]) => [name, { median: median(list), best: best(list) }]),
    ),
    overlap: Object.fromEntries(
      Object.entries(onRanks('overlap')).map(([name, list]) => [name, median(list)]),
    ),
    error: { bfloat16: onRanks('error', 'bfloat16'), float16: onRanks('error', 'float16') },
    smallMilliseconds: onRanks('small'),
  };
  if (given.json) console.log(JSON.stringify(figures));
  else print(figures);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function print({ bytes, milliseconds, overlap, error, smallMilliseconds }) {
  const names = {
    c: 'C program',
    none: '@xcp/mpi',
    bfloat16: '@xcp/mpi, bfloat16',
    float16: '@xcp/mpi, float16',
  };
  console.log(
    `all-reduce of ${(bytes / 1e6).toFixed(0)} MB between ${ranks} ranks${rate ? ` at ${rate}` : ''}, milliseconds: median (best)`,
  );
  for (const [name, { median, best }] of Object.entries(milliseconds)) {
    console.log(`  ${names[name].padEnd(20)} ${median.toFixed(0).padStart(5)} (${best.toFixed(0)})`);
  }
  const { reduce, work, both } = overlap;
  console.log(
    `all-reduce ${reduce.toFixed(0)}, JavaScript's own work ${work.toFixed(0)}, both at a time ${both.toFixed(0)}`,
  );
  const [b, h] = [error.bfloat16, error.float16].map((value) => value.toExponential(1));
  console.log(`error of the sum, relative: bfloat16 ${b}, float16 ${h}`);
  console.log(`a small exchange within a pass: ${smallMilliseconds.toFixed(3)}`);
}
