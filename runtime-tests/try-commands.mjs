import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, fault, writeInputs } from './commands.mjs';
import { startXcp } from './start-xcp.mjs';
import { tryWatch } from './try-watch.mjs';

/** Runs every command of `xcp` in one runtime; gives a line for each that does not do what it must. */
export async function tryCommands(runtime) {
  const cwd = mkdtempSync(join(tmpdir(), 'xcp-commands-'));
  const faults = [];
  try {
    writeInputs(cwd);
    for (const command of commands) {
      const input = command.input && readFileSync(join(cwd, command.input));
      const wrong = fault(command, await startXcp(runtime, command.args, { cwd, input }), cwd);
      if (wrong) faults.push(`xcp ${command.args.join(' ')}: ${wrong}`);
    }
    await tryWatch(runtime, cwd).catch(({ message }) => faults.push(`xcp watch run: ${message}`));
    return [...faults, ...strangers(cwd, runtime)];
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** The runs, those of the sweep among them, that were made in another runtime: a line for each. */
function strangers(folder, { kind, name }) {
  const sweep = readdirSync(join(folder, 'sweep'), { withFileTypes: true });
  const runs = ['run', ...sweep.filter((entry) => entry.isDirectory()).map((run) => join('sweep', run.name))];
  if (runs.length !== 3) return [`the sweep must make 2 runs, received ${runs.length - 1}`];
  const made = (run) => JSON.parse(readFileSync(join(folder, run, 'config.json'), 'utf8')).versions;
  return runs
    .filter((run) => !name.endsWith(` ${made(run)[kind]}`))
    .map((run) => `${run} must be made by ${name}, received ${JSON.stringify(made(run))}`);
}
