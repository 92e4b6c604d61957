import { execFile } from 'node:child_process';
import type { Probe } from '../engines/engine';
import { findAdapter } from './find-adapter';
import { tryAdapter } from './try-adapter';

/** Runs in the child, which gets file and wish in its environment: `-e` hands arguments over in every runtime differently. */
const script = `
const findAdapter = ${findAdapter.toString()};
const tryAdapter = ${tryAdapter.toString()};
const tell = (report) => process.stdout.write('\\n' + JSON.stringify(report), () => process.exit(0));
(async () => {
  const { url, software } = JSON.parse(process.env.XCP_WEBGPU_PROBE);
  const { create } = await import(url);
  // Dawn ends with the object, and then takes the process along.
  globalThis.heldGpu = create([]);
  const found = await findAdapter(heldGpu, software);
  if (!found.adapter) return tell({ reason: found.reason });
  const wrong = await tryAdapter(found.adapter);
  tell(wrong === null ? { detail: found.detail } : { reason: wrong });
})().catch((error) => tell({ reason: 'does not work: ' + String(error?.message ?? error).split('\\n')[0] }));
`;

const TIMEOUT = 60_000;

/**
 * Loads the npm package `webgpu` in a process of its own and computes there, for a driver that is broken may end the
 * process that uses it.
 *
 * @param url the package's module, as a `file:` URL
 */
export function examineInChild(url: string, software: boolean, timeout = TIMEOUT): Promise<Probe> {
  const env = { ...process.env, XCP_WEBGPU_PROBE: JSON.stringify({ url, software }) };
  return new Promise((resolve) => {
    execFile(process.execPath, ['-e', script], { timeout, env }, (error, stdout) => {
      resolve(readReport(stdout, error, timeout));
    });
  });
}

type Ended = { killed?: boolean; signal?: NodeJS.Signals | null; code?: unknown } | null;

function readReport(stdout: string, ended: Ended, timeout: number): Probe {
  const lastLine = stdout.trimEnd().split('\n').at(-1) ?? '';
  if (!lastLine.startsWith('{')) {
    if (ended?.killed) return { available: false, reason: `did not answer within ${timeout / 1000} s` };
    const end = ended?.signal ? `signal ${ended.signal}` : `exit code ${ended?.code ?? 0}`;
    return { available: false, reason: `its driver ends the process that uses it (${end})` };
  }
  const { detail, reason } = JSON.parse(lastLine) as { detail?: string; reason?: string };
  return detail !== undefined ? { available: true, detail } : { available: false, reason: reason! };
}
