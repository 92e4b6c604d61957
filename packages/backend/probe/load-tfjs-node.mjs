// Loads tfjs-node from the path given, computes 1 + 1 and says on what: in a process of its own, which it may end.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const report = (what) => process.stdout.write(`\n${JSON.stringify(what)}\n`);

// Gone from Node 23 on, and still called by tfjs-node 4.22.
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;

try {
  const tf = require(process.argv[2]);
  const two = tf.tidy(() => tf.add(1, 1).dataSync()[0]);
  if (two !== 2) throw new Error(`computes 1 + 1 = ${two}`);
  const { isUsingGpuDevice, binding } = tf.backend();
  report({ gpu: isUsingGpuDevice === true, version: binding.TF_Version });
} catch (error) {
  report({ error: String(error?.message ?? error).split('\n')[0] });
}
