import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { StartRun } from './run-sweep';

/** Starts this very program again, with as many threads as fall to one of `jobs`. */
export function startProcess(program: string, threads: number | undefined, env: NodeJS.ProcessEnv): StartRun {
  return (args, logFile, signal) =>
    new Promise((resolve, reject) => {
      const log = openSync(logFile, 'a');
      const child = spawn(process.execPath, [program, ...args], {
        stdio: ['ignore', log, log],
        env: { ...(threads !== undefined && { XCP_NUM_THREADS: String(threads) }), ...env },
      });
      closeSync(log);
      // One Ctrl-C lets it save; a terminal tells it of that itself, where there is one.
      const stop = () => child.kill('SIGTERM');
      signal.addEventListener('abort', stop);
      child.on('error', reject);
      child.on('close', (code) => {
        signal.removeEventListener('abort', stop);
        resolve(code ?? 1);
      });
    });
}
