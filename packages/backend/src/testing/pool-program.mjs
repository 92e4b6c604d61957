// A program of its own for threads.test.ts: uses the addon from JavaScript threads in ways that a test's own process
// would not survive if they went wrong. Usage: node pool-program.mjs <scenario> <directory of the addon>
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const SIZE = 96;
const scenario = isMainThread ? process.argv[2] : workerData.scenario;
const directory = isMainThread ? process.argv[3] : workerData.directory;
const file = fileURLToPath(import.meta.url);

function load(threads) {
  const addon = createRequire(import.meta.url)('node-gyp-build')(directory);
  const { kernels } = addon.select('');
  addon.setThreads(threads);
  return { addon, matmul: kernels.indexOf('matmul') };
}

/** Multiplies matrices of ones `rounds` times and checks every product. */
function multiply({ addon, matmul }, rounds) {
  const bytes = 4 * SIZE * SIZE;
  const [a, b, c] = [0, 1, 2].map(() => addon.reserve(bytes));
  const values = new Float32Array(SIZE * SIZE).fill(1);
  addon.write(a, values);
  addon.write(b, values);
  for (let round = 0; round < rounds; round++) {
    addon.arguments.values.set([a, b, 0, c, 0, 1, SIZE, SIZE, SIZE, 0, 0, 0, 0]);
    if (addon.run(matmul, addon.arguments.address) !== 0) throw new Error('scratch was refused');
    addon.read(c, values);
    if (values.some((value) => value !== SIZE)) throw new Error(`round ${round}: a product is wrong`);
  }
  for (const address of [a, b, c]) addon.release(address);
}

const start = (part) => new Worker(file, { workerData: { scenario: part, directory } });
const message = (worker) =>
  new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
const exit = (worker) => new Promise((resolve, reject) => worker.once('exit', resolve).once('error', reject));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const scenarios = {
  // Several JavaScript threads share the pool, and the main thread takes part.
  async shared() {
    const workers = [1, 2, 3].map(() => start('rounds'));
    const exits = workers.map(exit);
    multiply(load(4), 400);
    await Promise.all(exits);
  },
  // The addon is loaded by a worker alone, which then ends: Node unloads the addon, the pool's threads live on.
  async unloaded() {
    for (const part of ['idle', 'rounds', 'rounds']) {
      await exit(start(part));
      await sleep(20);
    }
  },
  // Workers are terminated while their kernels run, and what they had reserved goes with them.
  async terminated() {
    const own = load(4);
    multiply(own, 10);
    own.addon.trimScratch();
    const before = own.addon.processHeld();
    for (let i = 0; i < 5; i++) {
      const worker = start('endless');
      await message(worker);
      await worker.terminate();
      multiply(own, 10);
    }
    own.addon.trimScratch();
    const after = own.addon.processHeld();
    if (after !== before) throw new Error(`${after - before} bytes were not given back`);
  },
  // The number of threads changes while others use the pool.
  async resized() {
    const worker = start('rounds');
    const ended = exit(worker);
    const own = load(1);
    for (let i = 0; i < 200; i++) {
      own.addon.setThreads(1 + (i % 8));
      multiply(own, 1);
    }
    await ended;
  },
  // The process ends with the pool's threads awake.
  async exits() {
    multiply(load(8), 3);
    process.exit(0);
  },
  // One of several processes that share the cores.
  async crowded() {
    multiply(load(8), 300);
  },
  idle() {
    load(4);
  },
  rounds() {
    multiply(load(4), 400);
  },
  endless() {
    const own = load(4);
    own.addon.reserve(2 ** 25);
    multiply(own, 1);
    parentPort.postMessage('running');
    for (;;) multiply(own, 100);
  },
};

await scenarios[scenario]();
