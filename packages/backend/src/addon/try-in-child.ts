import { spawnSync } from 'node:child_process';
import { childEnv, childScript, isChild } from '../child-script';

/** Milliseconds. */
const TIMEOUT = 20_000;

/** Loads the addon in a process of its own; gives why it must not be loaded into this one, if so. */
export function whyNotLoad(file: string): string | undefined {
  if (isChild()) return 'this process is itself one that tries a library';
  const { status, signal, stdout, error } = spawnSync(process.execPath, [childScript('load-addon'), file], {
    encoding: 'utf8',
    timeout: TIMEOUT,
    env: childEnv(),
    windowsHide: true,
  });
  const said = stdout?.trim().split('\n').at(-1) ?? '';
  if (said === 'loads') return undefined;
  if (said !== '') return said;
  if (error) return `no process to try it in: ${error.message}`;
  return `it ends the process that loads it: ${signal ? `signal ${signal}` : `exit code ${status}`}`;
}
