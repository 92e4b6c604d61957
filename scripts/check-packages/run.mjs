import { spawnSync } from 'node:child_process';

/** Runs a program; gives what it printed, and throws with all of it where it fails. */
export function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1e9,
    timeout: 600_000,
    ...options,
  });
  if (status === 0) return stdout.trim();
  const said = error?.message ?? `${stdout}\n${stderr}`.trim();
  throw new Error(`${command} ${args.join(' ')} (${status})\n${said}`);
}

/** Whether a program can be started. */
export const isThere = (command) => spawnSync(command, ['--version']).status === 0;
