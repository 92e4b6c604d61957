import util from 'node:util';

// Gone from Node 23 on, and still called by tfjs-node 4.22.
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;

// Not a dependency of the benchmarks: its install script fetches libtensorflow from outside npm.
const { version } = await import('@tensorflow/tfjs-node');
const { contend } = await import('./contend.mjs');
await contend('tensorflow', ({ threads }) => ({ version: version['tfjs-node'] ?? version.tfjs, threads }));
