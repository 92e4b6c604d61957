// The libraries without the command line, in one runtime: plain TensorFlow.js on our backend, data, weights.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = (name) => fileURLToPath(new URL(name, import.meta.url));
const programs = [
  [program('main.mjs'), 'xcp'],
  [program('main.mjs'), 'xcp-wasm'],
  [program('weights.mjs'), 'cpu'],
];

/** Runs the programs; gives what each told, or the `error`. */
export function tryLibraries({ command, args }) {
  return programs.map(([file, backend]) => {
    const { status, stdout, stderr } = spawnSync(command, [...args, file, backend], {
      encoding: 'utf8',
      timeout: 120_000,
    });
    const line = stdout.trim().split('\n').at(-1);
    if (status !== 0 || !line?.startsWith('{')) {
      return { backend, error: stderr.trim().split('\n').at(-1) || `did not end (${status})` };
    }
    const told = JSON.parse(line);
    return told.learned === false
      ? { backend, ...told, error: 'the loss did not fall' }
      : { backend, ...told };
  });
}
