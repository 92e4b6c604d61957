import { spawn } from 'node:child_process';

/** What ended a phase of the set-up, with everything it printed. */
export class PhaseError extends Error {
  constructor(name, end, output) {
    super(`${name} failed (${end})`);
    this.output = output;
  }
}

/**
 * Runs a program and says in one line what for and how long it took; its output is shown only where it fails, or
 * all along with XCP_DEBUG.
 *
 * @param {string} name what the phase does, for the line
 * @param {string} file the program
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<void>} rejects with a PhaseError where the program fails
 */
export async function phase(name, file, args, options) {
  const loud = Boolean(process.env.XCP_DEBUG);
  const begin = performance.now();
  process.stdout.write(`${name} … ${loud ? '\n' : ''}`);
  const { end, output } = await collect(file, args, { ...options, stdio: loud ? 'inherit' : 'pipe' });
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  process.stdout.write(`${loud ? `${name}: ` : ''}${seconds} s${end ? ', failed' : ''}\n`);
  if (end) throw new PhaseError(name, end, output);
}

/** Runs a program that has the terminal to itself; gives its exit code. */
export async function show(file, args, options) {
  const { code } = await collect(file, args, { ...options, stdio: 'inherit' }, (child) => {
    // A terminal sends Ctrl-C to the child as well: it decides how to end, and this process waits for it.
    const ignore = () => {};
    const forward = () => child.kill('SIGTERM');
    process.on('SIGINT', ignore).on('SIGTERM', forward);
    child.on('close', () => process.off('SIGINT', ignore).off('SIGTERM', forward));
  });
  return code;
}

function collect(file, args, options, onSpawn = () => {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, options);
    onSpawn(child);
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => resolve({ end: error.message, code: 1, output: '' }));
    child.on('close', (code, signal) => {
      const end = signal ? `signal ${signal}` : code ? `exit code ${code}` : '';
      resolve({ end, code: code ?? 1, output: Buffer.concat(chunks).toString() });
    });
  });
}
