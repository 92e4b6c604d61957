import { createRequire } from 'node:module';
import util from 'node:util';

// Gone from Node 23 on, and still called by tfjs-node 4.22.
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;

// Not a dependency of the benchmarks: its install script fetches libtensorflow from outside npm. So it may lie anywhere.
const require = createRequire(import.meta.url);
const { backend, version } = require(process.env.XCP_BENCH_TFJS_NODE ?? '@tensorflow/tfjs-node');
const { contend } = await import('./contend.mjs');
const libtensorflow = backend().binding.TF_Version;
await contend('tensorflow', ({ threads }) => ({
  version: `${version['tfjs-node']}, libtensorflow ${libtensorflow}`,
  threads,
}));
