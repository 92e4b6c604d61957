import { execFile } from 'node:child_process';
import { childScript } from '../child-script';
import type { Probe } from './engine';

const timeout = 60_000;

/**
 * Loads tfjs-node in a process of its own, for a native library that does not fit the machine may end its process.
 *
 * @param file the resolved path of `@tensorflow/tfjs-node` or `@tensorflow/tfjs-node-gpu`
 */
export function probeTfjsNode(
  file: string,
  wantsGpu: boolean,
  env: Record<string, string | undefined> = process.env,
): Promise<Probe> {
  return new Promise((resolve) => {
    execFile(process.execPath, [childScript('load-tfjs-node'), file], { timeout, env }, (error, stdout) => {
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
