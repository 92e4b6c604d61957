import { execFile } from 'node:child_process';
import type { Probe } from './engine';

/** Runs in the child: loads the library, computes 1 + 1 and says on what. */
const script = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
try {
  const tf = require(process.argv[1]);
  const two = tf.tidy(() => tf.add(1, 1).dataSync()[0]);
  if (two !== 2) throw new Error('computes 1 + 1 = ' + two);
  const gpu = tf.backend().isUsingGpuDevice === true;
  process.stdout.write('\\n' + JSON.stringify({ gpu, version: tf.node.binding.TF_Version }));
} catch (error) {
  process.stdout.write('\\n' + JSON.stringify({ error: error.message.split('\\n')[0] }));
}
`;

const timeout = 60_000;

/**
 * Loads tfjs-node in a process of its own, for a native library that does not fit the machine may end its process.
 *
 * @param file the resolved path of `@tensorflow/tfjs-node` or `@tensorflow/tfjs-node-gpu`
 */
export function probeTfjsNode(file: string, wantsGpu: boolean): Promise<Probe> {
  return new Promise((resolve) => {
    const quiet = { TF_CPP_MIN_LOG_LEVEL: '2', TF_FORCE_GPU_ALLOW_GROWTH: 'true' };
    const options = { timeout, env: { ...quiet, ...process.env } };
    execFile(process.execPath, ['-e', script, file], options, (error, stdout) => {
      resolve(readReport(stdout, error, wantsGpu));
    });
  });
}

type Ended = { killed?: boolean; signal?: NodeJS.Signals | null; code?: unknown } | null;

/** What the child's output and end say about the library. */
export function readReport(stdout: string, ended: Ended, wantsGpu: boolean): Probe {
  const lastLine = stdout.trimEnd().split('\n').at(-1) ?? '';
  if (!lastLine.startsWith('{')) {
    if (ended?.killed) return { available: false, reason: `did not load within ${timeout / 1000} s` };
    const end = ended?.signal ? `signal ${ended.signal}` : `exit code ${ended?.code ?? 0}`;
    return { available: false, reason: `ends the process that loads it (${end})` };
  }
  const report = JSON.parse(lastLine) as { error?: string; gpu?: boolean; version?: string };
  if (report.error !== undefined) {
    return { available: false, reason: `does not load: ${report.error.replace(/[.\s]+$/, '')}` };
  }
  if (wantsGpu && !report.gpu) return { available: false, reason: 'finds no CUDA device' };
  return { available: true, detail: `TensorFlow ${report.version} on the ${wantsGpu ? 'GPU' : 'CPU'}` };
}
