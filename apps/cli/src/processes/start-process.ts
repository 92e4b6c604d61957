import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** Starts `xcp` with arguments and gives its exit code; what it says goes to the file. */
export type StartRun = (args: readonly string[], logFile: string, signal: AbortSignal) => Promise<number>;

/**
 * Starts this very program again, with as many threads as fall to one of `jobs`.
 *
 * @param self what comes in front of its arguments, as `selfArguments` gives it
 */
export function startProcess(
  self: readonly string[],
  threads: number | undefined,
  env: NodeJS.ProcessEnv,
): StartRun {
  return (args, logFile, signal) =>
    new Promise((resolve, reject) => {
      const log = openSync(logFile, 'a');
      const child = spawn(process.execPath, [...self, ...args], {
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
