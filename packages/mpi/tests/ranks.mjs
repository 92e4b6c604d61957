// What the tests run on several ranks: node ranks.mjs <what>. Rank 0 prints JSON of what all have come to.
import { writeSync } from 'node:fs';
import { createMpiCollective } from '@xcp/mpi';

const what = process.argv[2];
const compression = process.argv[3] ?? 'none';
const collective = await createMpiCollective({ compression });
const { rank, size } = collective;
const tell = (value) => rank === 0 && writeSync(1, `${JSON.stringify(value)}\n`);

const MAGNITUDES = [1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5];

/** Values that a rank has and others do not, of all magnitudes that gradients have; more than go into one message. */
const own = (of, length = 1_000_001) =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898 + of * 78.233) * MAGNITUDES[i % 6]);

/** The error of a sum, relative to it. */
function errorOf(sum, all) {
  let [errors, squares] = [0, 0];
  for (let i = 0; i < sum.length; i++) {
    let exact = 0;
    for (const values of all) exact += values[i];
    errors += (exact - sum[i]) ** 2;
    squares += exact ** 2;
  }
  return Math.sqrt(errors / squares);
}

/** Whether all ranks have the same bytes. */
async function agrees(values) {
  const bytes = new Uint8Array(values.buffer).slice();
  const first = bytes.slice();
  await collective.broadcast(first);
  const differ = Float64Array.of(first.some((byte, i) => byte !== bytes[i]) ? 1 : 0);
  await collective.allReduce(differ, 'sum');
  return differ[0] === 0;
}

const jobs = {
  async values() {
    const all = Array.from({ length: size }, (_, of) => own(of));
    const sum = all[rank].slice();
    await collective.allReduce(sum, 'sum', { lossy: true });
    const careful = all[rank].slice();
    await collective.allReduce(careful, 'sum');
    const most = Float32Array.of(rank, -rank);
    await collective.allReduce(most, 'max');
    const least = Float64Array.of(rank, -rank);
    await collective.allReduce(least, 'min');
    const inPass = Float64Array.of(rank + 1, 0.1);
    collective.allReduceSync(inPass);
    const bytes = rank === 0 ? Uint8Array.of(3, 1, 2) : new Uint8Array(3);
    await collective.broadcast(bytes);
    const together = [own(rank, 3e5), own(rank + 7, 10), own(rank, 2e5)];
    await Promise.all(together.map((values) => collective.allReduce(values, 'sum')));
    const mine = await agrees(sum);
    tell({
      size,
      error: errorOf(sum, all),
      exactError: errorOf(careful, all),
      most: [...most],
      least: [...least],
      inPass: [...inPass],
      bytes: [...bytes],
      agrees: mine && (await agrees(together[0])),
    });
  },
  async goesOn() {
    // Rank 0 waits for the last one, and has time for other things meanwhile.
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    if (rank === size - 1) await new Promise((resolve) => setTimeout(resolve, 500));
    await collective.barrier();
    clearInterval(timer);
    tell({ ticks });
  },
  async dies() {
    await collective.barrier();
    if (rank === 1) throw new Error('rank 1 has a fault');
    await collective.barrier();
  },
  async leaves() {
    if (rank === 1) process.exit(0);
    await collective.barrier();
  },
  async hangs() {
    await collective.barrier();
    if (rank === 1) for (;;);
    await collective.barrier();
  },
  async stalls() {
    // Nearly all of the time is that of a sum under way.
    const values = new Float32Array(2 ** 24);
    if (rank === 1) setTimeout(() => process.kill(process.pid, 'SIGSTOP'), 300);
    for (;;) await collective.allReduce(values, 'sum');
  },
  async again() {
    const second = await createMpiCollective().catch((error) => error.message);
    const wrong = await collective.allReduce([1], 'sum').catch((error) => error.message);
    const op = await collective.allReduce(new Float32Array(1), 'mean').catch((error) => error.message);
    await collective.close();
    const late = await collective.barrier().catch((error) => error.message);
    tell({ second, wrong, op, late });
  },
};
await jobs[what]();
await collective.close();
