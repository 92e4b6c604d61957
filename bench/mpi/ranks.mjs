// One rank of `pnpm bench --mpi`: node ranks.mjs <what> <floats> <times> [compression]. Rank 0 prints JSON.
import { writeSync } from 'node:fs';
import { createMpiCollective } from '@xcp/mpi';

const [what, floats, times, compression = 'none'] = process.argv.slice(2);
const collective = await createMpiCollective({ compression });
const values = Float32Array.from({ length: Number(floats) }, (_, i) => 1e-3 * (i % 1000));

async function timed(work) {
  await collective.barrier();
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

/** Work for the thread of JavaScript. */
function compute(rounds) {
  let sum = 0;
  for (let i = 0; i < rounds; i++) sum += Math.sqrt(i);
  return sum;
}

const reduce = () => collective.allReduce(values, 'sum', { lossy: true });
const programs = {
  /** Milliseconds of each all-reduce. */
  async allReduce() {
    const all = [];
    for (let i = 0; i < times; i++) all.push(await timed(reduce));
    return all;
  },
  /** Milliseconds of an all-reduce, of JavaScript's own work, and of both at a time. */
  async overlap() {
    const rounds = 2e7;
    compute(rounds);
    const all = { reduce: [], work: [], both: [] };
    for (let i = 0; i < times; i++) {
      all.reduce.push(await timed(reduce));
      all.work.push(await timed(async () => compute(rounds)));
      all.both.push(
        await timed(async () => {
          const sum = reduce();
          compute(rounds);
          await sum;
        }),
      );
    }
    return all;
  },
  /** The error of the sum of gradient-like values, of all magnitudes, against double precision. */
  async error() {
    const own = (of) =>
      Float32Array.from({ length: 1e5 }, (_, i) => Math.sin(i * 12.9898 + of * 78.233) * 10 ** -(i % 7));
    const sum = own(collective.rank);
    await collective.allReduce(sum, 'sum', { lossy: true });
    const all = Array.from({ length: collective.size }, (_, of) => own(of));
    let [errors, squares] = [0, 0];
    sum.forEach((value, i) => {
      const exact = all.reduce((total, values) => total + values[i], 0);
      errors += (value - exact) ** 2;
      squares += exact ** 2;
    });
    return Math.sqrt(errors / squares);
  },
  /** Milliseconds of one of many small exchanges within a pass, as synchronized batch norm makes them. */
  async small() {
    const sums = new Float64Array(1457);
    collective.allReduceSync(sums);
    return (
      (await timed(async () => {
        for (let i = 0; i < 200; i++) collective.allReduceSync(sums);
      })) / 200
    );
  },
};
const told = await programs[what]();
if (collective.rank === 0) writeSync(1, `${JSON.stringify(told)}\n`);
await collective.close();
