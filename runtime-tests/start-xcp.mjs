import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('xcp.mjs', import.meta.url));
const TIMEOUT_MS = 120_000;

/**
 * Runs `xcp` in `runtime` and gives its exit code or signal and what it printed.
 *
 * @param options.stop `{ signal, step }`: sends the signal as soon as the run has told of the step
 */
export function startXcp({ command, args: flags }, args, { env = {}, stop, input, cwd } = {}) {
  const pause = stop && {
    XCP_PAUSE_AT: String(stop.step),
    // A signal that the program handles needs a program that goes on, but not to its end.
    ...(stop.signal !== 'SIGKILL' && { XCP_PAUSE_MS: '300' }),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...flags, program, ...args], {
      cwd,
      env: { ...process.env, ...env, ...pause },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let [out, err, stopped] = ['', '', false];
    child.stdout.on('data', (text) => {
      out += text;
      if (!stop || stopped || !out.includes(`"event":"log","step":${stop.step},`)) return;
      stopped = child.kill(stop.signal);
    });
    child.stderr.on('data', (text) => {
      err += text;
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ ended: code ?? signal, out, err });
    });
  });
}

/** The same, and throws where it does not end as it must. */
export async function expectXcp(runtime, args, { ends = 0, ...options } = {}) {
  const told = await startXcp(runtime, args, options);
  if (told.ended === ends) return told;
  const last = `${told.out}\n${told.err}`.trim().split('\n').slice(-6).join('\n');
  throw new Error(`xcp ${args[0]}: must end with ${ends}, received ${told.ended}: ${last}`);
}
