import { spawn } from 'node:child_process';
import { watchLoad } from '../measure/load.mjs';

/**
 * Runs one contender in a process of its own and returns what it reports, with the share of the machine that others
 * took meanwhile; or `{ reason }`, one line, where it cannot run.
 */
export async function start({ command, args, env }) {
  const load = watchLoad();
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = [child.stdout, child.stderr].map(collect);
  const ended = new Promise((resolve) => {
    child.on('error', ({ message }) => resolve({ reason: message }));
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  const { code, signal, reason } = await ended;
  if (reason) return { reason };
  const line = stdout().trim().split('\n').at(-1);
  if (code !== 0 || !line.startsWith('{'))
    return { reason: lastError(stderr(), signal ?? `exit code ${code}`) };
  const result = JSON.parse(line);
  return { ...result, othersShare: load(result.cpuSeconds) };
}

function collect(stream) {
  const pieces = [];
  stream.on('data', (piece) => pieces.push(piece));
  return () => Buffer.concat(pieces).toString();
}

/** The line that says what went wrong, of what Node or Python print. */
function lastError(stderr, otherwise) {
  const lines = stderr.split('\n').map((line) => line.trim());
  return lines.findLast((line) => /^([\w.]*Error|[\w.]*Exception)\b.*:/.test(line)) ?? otherwise;
}
